# What R's survey makes of calibrated weights. Run in this folder: Rscript weighting.R
# Writes data.csv (generated here), weights.csv, estimates.csv and version.txt.
suppressMessages(library(survey))
set.seed(20240611)
options(digits = 17, survey.lonely.psu = "fail")

n <- 480
stratum <- rep(1:6, each = 80)
psu <- rep(1:48, each = 10)
shift <- rep(rnorm(48, sd = 0.6), each = 10)
sex <- sample(c("f", "m"), n, TRUE, c(0.55, 0.45))
age <- sample(c("18-34", "35-54", "55+"), n, TRUE, c(0.3, 0.4, 0.3))
area <- sample(c("rural", "urban"), n, TRUE, c(0.6, 0.4))
years <- round(runif(n, 0, 16), 2)
w <- round(exp(rnorm(n, 4, 0.5)), 4)
y1 <- round(5 + shift + 0.8 * (sex == "m") + 0.1 * years + rnorm(n), 5)
y2 <- as.integer(runif(n) < plogis(-0.5 + shift + 0.7 * (area == "urban")))
data <- data.frame(stratum, psu, w, sex, age, area, years, y1, y2)
write.csv(data, "data.csv", row.names = FALSE, quote = FALSE)
data <- read.csv("data.csv")

design <- svydesign(~psu, strata = ~stratum, weights = ~w, data = data)
N <- 30000
sex_totals <- data.frame(sex = c("f", "m"), Freq = c(0.51, 0.49) * N)
age_totals <- data.frame(age = c("18-34", "35-54", "55+"), Freq = c(0.35, 0.37, 0.28) * N)
area_totals <- data.frame(area = c("rural", "urban"), Freq = c(0.64, 0.36) * N)
crossed <- data.frame(
  sex = c("f", "f", "m", "m"), area = c("rural", "urban", "rural", "urban"), Freq = c(0.32, 0.19, 0.31, 0.18) * N
)
known <- c(`(Intercept)` = N, sexm = 0.49 * N, `age35-54` = 0.37 * N, `age55+` = 0.28 * N, areaurban = 0.36 * N)
margins <- list(~sex, ~age, ~area)
totals <- list(sex_totals, age_totals, area_totals)
exact <- list(maxit = 500, epsilon = 1e-15)

designs <- list(
  post_stratified = postStratify(design, ~sex + area, crossed),
  raked = rake(design, margins, totals, control = exact),
  calibrated_raking = calibrate(design, ~sex + age + area, known, calfun = "raking", epsilon = 1e-13),
  bounded_raking = calibrate(
    design, ~sex + age + area, known, calfun = "raking", bounds = c(0.7, 1.38), epsilon = 1e-13, maxit = 200
  ),
  linear = calibrate(design, ~sex + years, c(`(Intercept)` = N, sexm = 0.49 * N, years = 8.4 * N)),
  bounded_linear = calibrate(
    design, ~sex + age + area, known, calfun = "linear", bounds = c(0.7, 1.38), epsilon = 1e-13, maxit = 200
  ),
  trimmed = trimWeights(design, lower = 25, upper = 120, strict = TRUE)
)

print_exactly <- function(x) format(x, digits = 17, scientific = TRUE, trim = TRUE)
all_weights <- as.data.frame(lapply(designs, function(d) print_exactly(unname(weights(d)))))
write.csv(all_weights, "weights.csv", row.names = FALSE, quote = FALSE)

rows <- list()
add <- function(case, statistic, estimate, se) {
  rows[[length(rows) + 1]] <<- data.frame(
    case, statistic, estimate = print_exactly(unname(estimate)), se = print_exactly(unname(se))
  )
}
for (case in setdiff(names(designs), "trimmed")) {
  d <- designs[[case]]
  for (y in c("y1", "y2")) {
    f <- reformulate(y)
    m <- svymean(f, d)
    add(case, paste0("mean:", y), coef(m), SE(m))
    t <- svytotal(f, d)
    add(case, paste0("total:", y), coef(t), SE(t))
    u <- svymean(f, subset(d, area == "urban" & sex == "f"))
    add(case, paste0("domain_mean:", y), coef(u), SE(u))
  }
}
write.csv(do.call(rbind, rows), "estimates.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), "version.txt")
