# Small synthetic data sets for the golden values. Nobody answered these: they are drawn here, from fixed seeds.
# Run from the repository's root: Rscript tests/stats/r/make_data.R
folder <- "tests/stats/r/data"
scale_mean <- function(latent) pmin(pmax(round((latent) * 4) / 4, 1), 5) # means of four items: steps of .25

write <- function(frame, name) write.csv(frame, file.path(folder, name), row.names = FALSE, na = "")

# Two waves: 20 pairs missing one answer, drop-out depends on the first answer
set.seed(2101)
n <- 64
person <- rnorm(n)
before <- scale_mean(3.3 + .55 * person + .45 * rnorm(n))
after <- scale_mean(3.6 + .50 * person + .55 * rnorm(n))
after[runif(n) < plogis(-1.2 - .8 * (before - 3.3) / .7)] <- NA
before[sample(which(!is.na(after)), 9)] <- NA
team <- sample(c(rep(1:9, length.out = n - 6), rep(NA, 6)))
write(data.frame(before, after, team), "two_waves.csv")

# Three waves, missing in most patterns
set.seed(2102)
n <- 70
person <- rnorm(n)
pre <- scale_mean(3.2 + .6 * person + .4 * rnorm(n))
post <- scale_mean(3.6 + .5 * person + .5 * rnorm(n))
followup <- scale_mean(3.4 + .5 * person + .6 * rnorm(n))
pre[sample(n, 8)] <- NA
post[sample(n, 14)] <- NA
followup[runif(n) < plogis(-.6 - .7 * (post - 3.5))] <- NA
followup[is.na(post) & runif(n) < .4] <- NA
keep <- !(is.na(pre) & is.na(post) & is.na(followup))
write(data.frame(pre, post, followup)[keep, ], "three_waves.csv")

# Small complete samples with many zeros and ties
set.seed(2103)
for (n in c(8, 14, 25, 40)) {
  before <- sample(1:5, n, TRUE, c(.1, .2, .3, .25, .15))
  after <- pmin(5, pmax(1, before + sample(-1:2, n, TRUE, c(.15, .4, .35, .1))))
  write(data.frame(before, after), sprintf("ordinal_%d.csv", n))
}

# Items of a scale, with gaps
set.seed(2104)
n <- 90
factor <- rnorm(n)
items <- sapply(c(.8, .7, .6, .5, .65), function(l) pmin(5, pmax(1, round(3.4 + l * factor + sqrt(1 - l^2) * rnorm(n)))))
colnames(items) <- paste0("item", 1:5)
items[sample(length(items), 9)] <- NA
write(items, "items.csv")

# Yes or no before and after; recommendations 0-10; two coders; groups
set.seed(2105)
n <- 45
yes_before <- rbinom(n, 1, .4)
yes_after <- ifelse(runif(n) < .65, yes_before, rbinom(n, 1, .75))
yes_after[c(3, 17)] <- NA
nps_before <- sample(0:10, n, TRUE, c(1, 1, 1, 1, 2, 4, 5, 8, 9, 7, 6))
nps_after <- sample(0:10, n, TRUE, c(0, 0, 1, 1, 1, 3, 3, 7, 10, 10, 9))
nps_before[5] <- NA
theme_a <- sample(c("place", "people", "time"), n, TRUE)
theme_b <- ifelse(runif(n) < .75, theme_a, sample(c("place", "people", "time"), n, TRUE))
days <- sample(1:3, n, TRUE)
write(data.frame(yes_before, yes_after, nps_before, nps_after, theme_a, theme_b, days), "answers.csv")

# A small network in two waves
set.seed(2106)
people <- data.frame(person = letters[1:12], sector = rep(c("business", "public", "village"), c(5, 4, 3)))
all_ties <- subset(expand.grid(from = people$person, to = people$person, stringsAsFactors = FALSE), from != to)
same <- people$sector[match(all_ties$from, people$person)] == people$sector[match(all_ties$to, people$person)]
first <- runif(nrow(all_ties)) < ifelse(same, .35, .12)
second <- ifelse(runif(nrow(all_ties)) < .7, first, runif(nrow(all_ties)) < .3)
write(people, "people.csv")
write(all_ties[first, ], "ties_before.csv")
write(all_ties[second, ], "ties_after.csv")
