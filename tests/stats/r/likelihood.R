# Restricted likelihood of wave means, written person by person, with numerically differentiated observed information.
# Independent of the Python code: no sufficient statistics, no analytic derivative.
unpack <- function(theta, waves) {
  v <- matrix(0, waves, waves)
  v[upper.tri(v, diag = TRUE)] <- theta[-seq_len(waves)]
  v[lower.tri(v)] <- t(v)[lower.tri(v)]
  list(mean = theta[seq_len(waves)], v = v)
}

joint <- function(theta, y) {
  p <- unpack(theta, ncol(y))
  value <- 0
  information <- matrix(0, ncol(y), ncol(y))
  for (i in seq_len(nrow(y))) {
    seen <- which(!is.na(y[i, ]))
    v <- p$v[seen, seen, drop = FALSE]
    inverse <- solve(v)
    e <- y[i, seen] - p$mean[seen]
    value <- value - .5 * as.numeric(determinant(v)$modulus) - .5 * drop(t(e) %*% inverse %*% e)
    information[seen, seen] <- information[seen, seen] + inverse
  }
  value - .5 * as.numeric(determinant(information)$modulus)
}

long <- function(y) {
  frame <- data.frame(id = rep(seq_len(nrow(y)), ncol(y)), time = rep(seq_len(ncol(y)), each = nrow(y)), score = c(y))
  frame <- frame[!is.na(frame$score), ]
  frame$wave <- factor(frame$time)
  frame[order(frame$id, frame$time), ]
}

# nlme::gls gives the start and its own answer; Newton steps with numDeriv finish what gls leaves at about 5e-8
restricted <- function(y) {
  y <- as.matrix(y)
  waves <- ncol(y)
  model <- gls(score ~ 0 + wave, data = long(y), correlation = corSymm(form = ~ time | id),
               weights = varIdent(form = ~ 1 | wave), method = "REML",
               control = glsControl(tolerance = 1e-12, msTol = 1e-14, msMaxIter = 500, maxIter = 500))
  full <- which(rowSums(is.na(y)) == 0)[1]
  v <- unclass(getVarCov(model, individual = as.character(full)))[seq_len(waves), seq_len(waves)]
  theta <- c(coef(model), v[upper.tri(v, diag = TRUE)])
  for (k in 1:4) theta <- theta - solve(numDeriv::hessian(joint, theta, y = y), numDeriv::grad(joint, theta, y = y))
  observed <- solve(-numDeriv::hessian(joint, theta, y = y))[seq_len(waves), seq_len(waves)]
  p <- unpack(theta, waves)
  by_optim <- solve(-optimHess(theta, joint, y = y, control = list(ndeps = rep(1e-4, length(theta)))))
  list(mean = p$mean, v = p$v, observed = observed, expected = unname(vcov(model)), gls = unname(coef(model)),
       optim_hess = by_optim[seq_len(waves), seq_len(waves)],
       gradient = max(abs(numDeriv::grad(joint, theta, y = y))))
}
