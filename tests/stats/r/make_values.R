# Golden values for tests/stats. Run from the repository's root:  Rscript tests/stats/r/make_values.R
# Debian packages: r-cran-nlme r-cran-numderiv r-cran-psych r-cran-lavaan r-cran-coin r-cran-igraph r-cran-jsonlite
#                  r-cran-clubsandwich r-cran-vcd
suppressPackageStartupMessages({
  library(nlme); library(psych); library(lavaan); library(coin); library(igraph); library(jsonlite)
  library(clubSandwich); library(vcd)
})
here <- "tests/stats/r"
source(file.path(here, "likelihood.R"))
read <- function(name) read.csv(file.path(here, "data", name), na.strings = "")
z <- qnorm(.975)
out <- list()

## Pairs: t, g_av, superiority, rank tests, sign flips, equivalence ------------------------------------------------
exact_flip <- function(d) { # all sign flips by convolution over whole quarters
  size <- as.integer(round(abs(d) * 4)); total <- sum(size); ways <- c(1, rep(0, 2 * total)); middle <- total + 1
  ways <- rep(0, 2 * total + 1); ways[middle] <- 1
  for (s in size) {
    up <- c(rep(0, s), ways[seq_len(2 * total + 1 - s)]); down <- c(ways[s + seq_len(2 * total + 1 - s)], rep(0, s))
    ways <- (up + down) / 2
  }
  sum(ways[abs(seq(-total, total)) >= abs(round(sum(d) * 4))])
}
pairs_values <- function(before, after, margin) {
  both <- !is.na(before) & !is.na(after); b <- before[both]; a <- after[both]; d <- a - b; n <- length(d)
  t <- t.test(a, b, paired = TRUE)
  r <- cor(b, a); s2 <- (var(b) + var(a)) / 2; dav <- mean(d) / sqrt(s2); v <- 2 * (n - 1) / (1 + r^2)
  se <- sqrt(dav^2 * (var(b)^2 + var(a)^2 + 2 * cov(b, a)^2) / (8 * (n - 1) * s2^2) + var(d) / ((n - 1) * s2))
  theta <- mean(d > 0) + mean(d == 0) / 2; q <- sum(d == 0) / (n + 3)
  roots <- sort(Re(polyroot(c(n * theta^2 + z^2 * q / 4, -(2 * n * theta + z^2), n + z^2))))
  ranks <- rank(abs(d)); short <- rank(abs(d[d != 0])); sign <- sign(d[d != 0])
  exact <- if (n <= 25) "exact" else "asymptotic"
  pratt <- wilcoxsign_test(a ~ b, distribution = exact, zero.method = "Pratt")
  list(n = n, mean_before = mean(b), mean_after = mean(a), change = mean(d), low = t$conf.int[1], high = t$conf.int[2],
       t = unname(t$statistic), df = unname(t$parameter), p = t$p.value, sd_change = sd(d), correlation = r,
       g_av = dav * gamma(v / 2) / (sqrt(v / 2) * gamma((v - 1) / 2)), g_av_low = dav - z * se, g_av_high = dav + z * se,
       share_up = mean(d > 0), share_same = mean(d == 0), share_down = mean(d < 0),
       superiority = theta, superiority_low = roots[1], superiority_high = roots[2],
       rank_biserial = (sum(short[sign > 0]) - sum(short[sign < 0])) / sum(short),
       wilcoxon = list(statistic = sum(ranks[d > 0]), p = as.numeric(pvalue(pratt))),
       sign_flip = list(statistic = mean(d), p = exact_flip(d)),
       equivalence = list(margin = margin,
         p = max(t.test(d, mu = -margin, alternative = "greater")$p.value,
                 t.test(d, mu = margin, alternative = "less")$p.value),
         low = t.test(d, conf.level = .9)$conf.int[1], high = t.test(d, conf.level = .9)$conf.int[2]))
}
two <- read("two_waves.csv")
out$pairs <- lapply(c(8, 14, 25, 40), function(n) {
  x <- read(sprintf("ordinal_%d.csv", n)); c(list(file = sprintf("ordinal_%d.csv", n)), pairs_values(x$before, x$after, .5))
})
out$pairs[[5]] <- c(list(file = "two_waves.csv"), pairs_values(two$before, two$after, .3))

## All data: gls corSymm + varIdent, observed information by numerical differentiation -------------------------------
fit2 <- restricted(two[c("before", "after")])
contrast <- function(m, w) drop(sqrt(t(w) %*% m %*% w))
pairs2 <- sum(complete.cases(two[c("before", "after")]))
change <- fit2$mean[2] - fit2$mean[1]; se <- contrast(fit2$observed, c(-1, 1))
missing_after <- is.na(two$after) & !is.na(two$before); missing_before <- is.na(two$before) & !is.na(two$after)
b <- with(fit2, v[1, 2] / v[1, 1]); bb <- with(fit2, v[1, 2] / v[2, 2])
completed_before <- ifelse(missing_before, fit2$mean[1] + bb * (two$after - fit2$mean[2]), two$before)
anyone <- !(is.na(two$before) & is.na(two$after)); w <- sum(missing_after) / sum(anyone); sd <- sqrt(fit2$v[2, 2])
tip <- lapply(c(0, -.25, -.5, -1, -2), function(delta) {
  completed <- ifelse(missing_after, fit2$mean[2] + b * (two$before - fit2$mean[1]) + delta * sd, two$after)
  estimate <- mean((completed - completed_before)[anyone])
  wide <- sqrt(se^2 + (delta * sd)^2 * w * (1 - w) / sum(anyone)) * qt(.975, pairs2 - 1)
  list(delta = delta, estimate = estimate, low = estimate - wide, high = estimate + wide)
})
out$all_data <- list(
  change = change, se = se, low = change - qt(.975, pairs2 - 1) * se, high = change + qt(.975, pairs2 - 1) * se,
  df = pairs2 - 1, p = 2 * pt(-abs(change / se), pairs2 - 1), n_pairs = pairs2, n_before_only = sum(missing_after),
  n_after_only = sum(missing_before), se_expected = contrast(fit2$expected, c(-1, 1)), mean_before = fit2$mean[1],
  mean_after = fit2$mean[2], sd_after = sd, gls_change = diff(fit2$gls), se_optim_hess = contrast(fit2$optim_hess, c(-1, 1)),
  gradient = fit2$gradient, tipping = tip)

monotone <- two[!is.na(two$before), c("before", "after")]; fit1 <- restricted(monotone) # nobody answered only afterwards
out$all_data_monotone <- list(change = diff(fit1$mean), se = contrast(fit1$observed, c(-1, 1)),
  se_expected = contrast(fit1$expected, c(-1, 1)), n_pairs = sum(complete.cases(monotone)), n_after_only = 0)

three <- read("three_waves.csv"); fit3 <- restricted(three)
planned <- list("post-pre" = c(-1, 1, 0), "followup-pre" = c(-1, 0, 1), "followup-post" = c(0, -1, 1))
out$waves <- lapply(planned, function(weight) {
  n <- sum(complete.cases(three[weight != 0])); e <- sum(weight * fit3$mean); se <- contrast(fit3$observed, weight)
  list(estimate = e, se = se, low = e - qt(.975, n - 1) * se, high = e + qt(.975, n - 1) * se, df = n - 1,
       p = 2 * pt(-abs(e / se), n - 1), n_pairs = n, gls = sum(weight * fit3$gls),
       se_optim_hess = contrast(fit3$optim_hess, weight))
})
out$waves_gradient <- fit3$gradient

## Teams: clubSandwich CR2 with Satterthwaite degrees of freedom ----------------------------------------------------
known <- two[complete.cases(two[c("before", "after")]), ]
known$cluster <- ifelse(is.na(known$team), paste0("alone", seq_len(nrow(known))), as.character(known$team))
known$d <- known$after - known$before
ols <- lm(d ~ 1, known); robust <- coef_test(ols, vcov = "CR2", cluster = known$cluster, test = "Satterthwaite")
limits <- conf_int(ols, vcov = "CR2", cluster = known$cluster, test = "Satterthwaite")
squares <- anova(lm(d ~ cluster, known))[["Mean Sq"]]; size <- table(known$cluster)
n0 <- (sum(size) - sum(size^2) / sum(size)) / (length(size) - 1)
out$teams <- list(change = robust$beta, t = robust$tstat, df = if (is.null(robust$df_Satt)) robust$df else robust$df_Satt,
  p = if (is.null(robust$p_Satt)) robust$p_val else robust$p_Satt, low = limits$CI_L, high = limits$CI_U, n = nrow(known),
  n_teams = length(unique(na.omit(known$team))), icc = (squares[1] - squares[2]) / (squares[1] + (n0 - 1) * squares[2]))

## Reliability: psych, lavaan ---------------------------------------------------------------------------------------
items <- na.omit(read("items.csv")); a <- psych::alpha(items, check.keys = FALSE)
feldt <- psych::alpha.ci(a$total$raw_alpha, n.obs = nrow(items), n.var = ncol(items), digits = 15)
omega <- function(x) {
  e <- lavInspect(cfa(paste("f =~", paste(names(x), collapse = " + ")), x, std.lv = TRUE), "est")
  sum(e$lambda)^2 / (sum(e$lambda)^2 + sum(diag(e$theta)))
}
r12 <- cor(items$item1, items$item2)
out$reliability <- list(alpha = a$total$raw_alpha, low = feldt$lower.ci, high = feldt$upper.ci, n = nrow(items),
  r_drop = a$item.stats$r.drop, omega = omega(items), omega_3 = omega(items[1:3]), spearman_brown = 2 * r12 / (1 + r12))

## Shares, recommendations, coders ----------------------------------------------------------------------------------
x <- read("answers.csv"); yes <- na.omit(x[c("yes_before", "yes_after")])
wilson <- function(k, n) as.numeric(prop.test(k, n, correct = FALSE)$conf.int)
newcombe <- function(e, f, g, h) { # e both, f before only, g after only, h neither
  n <- e + f + g + h; l1 <- wilson(e + g, n); l2 <- wilson(e + f, n); p1 <- (e + g) / n; p2 <- (e + f) / n
  top <- e * h - f * g; if (top > 0) top <- max(top - n / 2, 0)
  bottom <- sqrt((e + f) * (g + h) * (e + g) * (f + h)); phi <- if (bottom == 0) 0 else top / bottom
  c(p1 - p2 - sqrt((p1 - l1[1])^2 - 2 * phi * (p1 - l1[1]) * (l2[2] - p2) + (l2[2] - p2)^2),
    p1 - p2 + sqrt((l1[2] - p1)^2 - 2 * phi * (l1[2] - p1) * (p2 - l2[1]) + (p2 - l2[1])^2))
}
paired_share <- function(e, f, g, h) {
  m <- min(f, g); limits <- newcombe(e, f, g, h)
  list(counts = c(e, f, g, h), change = (g - f) / (e + f + g + h), low = limits[1], high = limits[2],
       p_exact = if (f + g == 0) 1 else binom.test(f, f + g)$p.value,
       p_midp = 2 * pbinom(m - 1, f + g, .5) + dbinom(m, f + g, .5))
}
counts <- with(yes, c(sum(yes_before & yes_after), sum(yes_before > yes_after), sum(yes_before < yes_after), sum(!yes_before & !yes_after)))
out$paired_proportions <- lapply(list(counts, c(12, 9, 2, 3), c(2, 1, 9, 1), c(10, 0, 0, 5), c(0, 4, 8, 0), c(20, 0, 3, 0), c(30, 1, 2, 12), c(4, 3, 3, 3)),
                                 function(k) do.call(paired_share, as.list(k)))
out$proportion <- lapply(list(c(0, 12), c(7, 20), c(33, 60), c(5, 5)), function(k) c(k, k[1] / k[2], wilson(k[1], k[2])))
points <- function(s) 100 * ((s >= 9) - (s <= 6))
nps <- function(s) {
  s <- s[!is.na(s)]; n <- length(s); p <- (sum(s >= 9) + .75) / (n + 3); d <- (sum(s <= 6) + .75) / (n + 3)
  half <- z * sqrt((p + d - (p - d)^2) / (n + 3)); list(value = mean(points(s)), low = 100 * (p - d - half), high = 100 * (p - d + half), n = n)
}
change_nps <- t.test(points(x$nps_after), points(x$nps_before), paired = TRUE)
out$net_promoter <- list(before = nps(x$nps_before), after = nps(x$nps_after),
  change = list(change = unname(change_nps$estimate), low = change_nps$conf.int[1], high = change_nps$conf.int[2], p = change_nps$p.value))
agree <- vcd::Kappa(table(x$theme_a, x$theme_b))$Unweighted
out$kappa <- list(value = unname(agree[1]), low = unname(agree[1] - z * agree[2]), high = unname(agree[1] + z * agree[2]))

## One and two groups -----------------------------------------------------------------------------------------------
one <- t.test(two$before); welch <- t.test(two$after, two$before)
out$mean <- list(mean = unname(one$estimate), sd = sd(two$before, na.rm = TRUE), low = one$conf.int[1], high = one$conf.int[2])
out$welch <- list(change = unname(welch$estimate[1] - welch$estimate[2]), low = welch$conf.int[1], high = welch$conf.int[2],
  t = unname(welch$statistic), df = unname(welch$parameter), p = welch$p.value, se = welch$stderr)
ordered <- sort(two$before); m <- length(ordered); k <- max(which(1 - 2 * pbinom(seq_len(m %/% 2) - 1, m, .5) >= .95))
out$median <- list(value = median(ordered), low = ordered[k], high = ordered[m + 1 - k], coverage = 1 - 2 * pbinom(k - 1, m, .5))
stay <- na.omit(two$before[!is.na(two$after)]); leave <- na.omit(two$before[is.na(two$after)])
df <- c(length(stay), length(leave)) - 1; s2 <- c(var(stay), var(leave)); d <- (mean(stay) - mean(leave)) / sqrt(mean(s2))
v <- 4 / sum(1 / df); se_d <- sqrt(d^2 * sum(s2^2 / df) / (8 * mean(s2)^2) + sum(s2 / df) / mean(s2))
out$standardised_difference <- list(value = d * gamma(v / 2) / (sqrt(v / 2) * gamma((v - 1) / 2)), low = d - z * se_d, high = d + z * se_d)
rho <- cor.test(x$days, x$nps_after, method = "spearman", exact = FALSE)
zr <- atanh(rho$estimate); wide <- z * sqrt((1 + rho$estimate^2 / 2) / (nrow(x) - 3))
out$rank_correlation <- list(value = unname(rho$estimate), p = rho$p.value, low = unname(tanh(zr - wide)), high = unname(tanh(zr + wide)))

## Several outcomes, several events, planning -----------------------------------------------------------------------
p <- c(.012, .2, .03, .03, .0004, .9); out$holm <- list(p = p, adjusted = p.adjust(p, "holm"))
first <- na.omit(two$before); second <- na.omit(two$after) # a difference of two means is Welch's test
out$contrast <- list(estimates = c(mean(first), mean(second)), ses = c(sd(first) / sqrt(length(first)), sd(second) / sqrt(length(second))),
  dfs = c(length(first), length(second)) - 1)
out$detectable <- lapply(c(2, 5, 10, 15, 30, 60, 120), function(n) c(n, sapply(c(.5, .8, .9), function(power)
  power.t.test(n, sd = 1, power = power, type = "paired", strict = TRUE, tol = 1e-13)$delta)))

## Network: igraph; sector labels enumerated ------------------------------------------------------------------------
people <- read("people.csv"); ties <- read("ties_before.csv"); later <- read("ties_after.csv")
graph <- graph_from_data_frame(ties, TRUE, people); next_graph <- graph_from_data_frame(later, TRUE, people)
index <- function(sector) { names(sector) <- people$person; e <- mean(sector[ties$from] != sector[ties$to]); 2 * e - 1 }
size <- table(people$sector); n <- nrow(people); expected <- 1 - 2 * sum(size * (size - 1)) / (n * (n - 1))
observed <- index(people$sector); labels <- NULL
for (a in combn(n, size[1], simplify = FALSE)) for (b in combn(setdiff(seq_len(n), a), size[2], simplify = FALSE)) {
  sector <- rep(names(size)[3], n); sector[a] <- names(size)[1]; sector[b] <- names(size)[2]; labels <- c(labels, index(sector))
}
mixed <- as.matrix(as_adjacency_matrix(graph)); sectors <- people$sector[match(rownames(mixed), people$person)]
out$network <- list(observed = observed, expected = expected,
  p = mean(abs(labels - expected) >= abs(observed - expected) - 1e-9), labellings = length(labels),
  counts = unname(t(rowsum(t(rowsum(mixed, sectors)), sectors))), kept = ecount(intersection(graph, next_graph)),
  formed = ecount(difference(next_graph, graph)), dissolved = ecount(difference(graph, next_graph)),
  jaccard = ecount(intersection(graph, next_graph)) / ecount(union(graph, next_graph)),
  named = unname(degree(graph, mode = "out")), blau = 1 - sum((size / n)^2))

used <- c("nlme", "numDeriv", "psych", "lavaan", "coin", "igraph", "jsonlite", "clubSandwich", "vcd")
out$versions <- c(list(R = R.version.string), sapply(used, function(p) as.character(packageVersion(p)), simplify = FALSE))
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), file.path(here, "values.json"))
