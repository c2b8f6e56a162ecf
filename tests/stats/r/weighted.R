# Weighted means of R's survey package for tests/stats/test_weighted.py:  Rscript tests/stats/r/weighted.R
# Debian packages: r-cran-survey r-cran-jsonlite
suppressPackageStartupMessages({ library(survey); library(jsonlite) })
here <- "tests/stats/r"
set.seed(405)
n <- 240
d <- data.frame(stratum = rep(c("a", "b", "c", "d"), c(90, 80, 60, 10)), psu = NA, y = NA, w = round(runif(n, .3, 2.5), 3))
d$psu <- c(sample(1:9, 90, TRUE), sample(11:18, 80, TRUE), sample(21:26, 60, TRUE), rep(31, 10))
d$y <- pmin(10, pmax(0, round(5.5 + .6 * (d$psu %% 5 - 2) + rnorm(n, 0, 2))))
d$y[sample(n, 12)] <- NA
write.csv(d, file.path(here, "data", "weighted.csv"), row.names = FALSE, quote = FALSE, na = "")
options(survey.lonely.psu = "adjust")
some <- d[!is.na(d$y), ]
value <- function(design) { m <- svymean(~y, design); list(mean = unname(coef(m)), se = unname(SE(m)[1])) }
out <- list(
  design = value(svydesign(~psu, strata = ~stratum, weights = ~w, data = some, nest = TRUE)),
  clusters = value(svydesign(~psu, weights = ~w, data = some)),
  strata = value(svydesign(~1, strata = ~stratum, weights = ~w, data = some)),
  weights = value(svydesign(~1, weights = ~w, data = some)),
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))))
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), file.path(here, "weighted.json"))
