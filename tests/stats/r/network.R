# Network values of igraph and sna for tests/stats/test_network_r.py. Run from the repository's root:
#   Rscript tests/stats/r/network.R            (writes tests/stats/r/network.json)
# Debian packages: r-cran-igraph r-cran-sna r-cran-network r-cran-jsonlite
suppressPackageStartupMessages({ library(igraph); library(network); library(jsonlite) })
here <- "tests/stats/r"
read <- function(name) read.csv(file.path(here, "data", name), na.strings = "")
people <- read("people.csv"); before <- read("ties_before.csv"); after <- read("ties_after.csv")

describe <- function(ties, answered) {
  graph <- graph_from_data_frame(ties, TRUE, people)
  m <- as.matrix(as_adjacency_matrix(graph)); diag(m) <- NA
  some <- m; some[!(rownames(some) %in% answered), ] <- NA     # rows of those who did not answer are missing
  inside <- induced_subgraph(graph, answered)
  list(density = edge_density(graph), density_sna = sna::gden(network(as.matrix(as_adjacency_matrix(graph)))),
       density_answered = sum(some, na.rm = TRUE) / sum(!is.na(some)),
       reciprocity = reciprocity(graph), reciprocity_sna = unname(sna::grecip(network(as.matrix(as_adjacency_matrix(graph))),
         measure = "edgewise")), reciprocity_answered = reciprocity(inside),
       isolates = sum(degree(graph) == 0),
       isolates_sna = length(sna::isolates(network(as.matrix(as_adjacency_matrix(graph))))))
}
answered <- people$person[c(1:4, 6:9, 11)]
sparse <- before[seq(1, nrow(before), by = 4), ]

# Strengths 0-3 of the same pairs in two waves
set.seed(77)
pairs <- expand.grid(from = people$person, to = people$person, stringsAsFactors = FALSE)
pairs <- pairs[pairs$from != pairs$to, ]
pairs$before <- sample(0:3, nrow(pairs), TRUE, c(.5, .2, .2, .1))
pairs$after <- pmin(3, pmax(0, pairs$before + sample(-1:2, nrow(pairs), TRUE, c(.1, .5, .3, .1))))
write.csv(pairs, file.path(here, "data", "strengths.csv"), row.names = FALSE, quote = FALSE)
first <- graph_from_data_frame(pairs[pairs$before >= 2, 1:2], TRUE, people)
second <- graph_from_data_frame(pairs[pairs$after >= 2, 1:2], TRUE, people)

out <- list(
  answered = answered, before = describe(before, answered), after = describe(after, answered),
  sparse = describe(sparse, answered), sparse_rows = seq(1, nrow(before), by = 4) - 1,
  strength = list(upgraded = sum(pairs$after > pairs$before), same = sum(pairs$after == pairs$before),
    downgraded = sum(pairs$after < pairs$before), kept = ecount(intersection(first, second)),
    formed = ecount(difference(second, first)), dissolved = ecount(difference(first, second)),
    jaccard = ecount(intersection(first, second)) / ecount(union(first, second))),
  versions = c(list(R = R.version.string),
    sapply(c("igraph", "sna", "network"), function(p) as.character(packageVersion(p)), simplify = FALSE)))
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), file.path(here, "network.json"))
