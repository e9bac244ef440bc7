# The same scores by R survey: an expert's way and the manual's. Rscript engine.R ANSWERS.csv prints name<TAB>seconds.
suppressPackageStartupMessages(library(survey))
people <- read.csv(commandArgs(TRUE)[1])
questions <- grep("^q", names(people), value = TRUE)
answers <- (as.matrix(people[, questions]) == 1) * 1
parts <- outer(seq_along(questions) - 1, 0:23, function(k, s) as.numeric(k %% 24 == s))  # sub-dimensions
parts <- sweep(parts, 2, colSums(parts), "/")
whole <- outer(0:23, 0:7, function(s, d) as.numeric(s %% 8 == d))                          # dimensions
slope <- cbind(parts, parts %*% whole, rowSums(parts %*% whole))

expert <- function() {
  lapply(split(seq_len(nrow(people)), people$province), function(rows) {
    x <- answers[rows, ]; has <- !is.na(x); x[!has] <- 0; w <- people$w[rows]
    base <- colSums(w * has); mean <- colSums(w * x) / base
    leaf <- sweep(x - sweep(has, 2, mean, "*"), 2, base, "/") * w
    strata <- data.frame(people$stratum[rows]); psus <- data.frame(people$psu[rows])
    node <- cbind(leaf, leaf %*% slope)
    sqrt(diag(svyrecvar(node, psus, strata, survey:::as.fpc(NULL, strata, psus))))
  })
}
packaged <- function() {
  people[, questions] <- answers
  design <- svydesign(~psu, strata = ~stratum, weights = ~w, data = people)
  for (q in questions) svyby(as.formula(paste0("~", q)), ~province, design, svymean, na.rm = TRUE)
}
cat("R survey, svyrecvar on stacked influence values\t", system.time(expert())[["elapsed"]], "\n", sep = "")
cat("R survey, svyby for each leaf (no tree)\t", system.time(packaged())[["elapsed"]], "\n", sep = "")
