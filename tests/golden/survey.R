# The truth of the engine: R `survey` analyses the samples of data/ and writes what it finds.
#   Rscript tests/golden/survey.R [FOLDER]
# FOLDER (default: that of this file) receives expected.json and, in its data/, the replicate weights.
suppressPackageStartupMessages(library(survey))
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
out <- c(commandArgs(trailingOnly = TRUE), here)[1]
sample_of <- function(name) read.csv(file.path(here, "data", paste0(name, ".csv")), na.strings = "")

# ---- JSON: R's base has no writer -------------------------------------------------------------------------------------
quoted <- function(text) paste0('"', gsub('"', '\\\\"', gsub("\\\\", "\\\\\\\\", text)), '"')
json <- function(value) {
  if (is.null(value)) return("null")
  if (is.list(value)) {
    parts <- vapply(value, json, "")
    if (is.null(names(value))) return(paste0("[", paste(parts, collapse = ",\n"), "]"))
    return(paste0("{", paste0(quoted(names(value)), ": ", parts, collapse = ", "), "}"))
  }
  items <- if (is.character(value)) quoted(value) else if (is.logical(value)) tolower(value) else sprintf("%.17g", value)
  items[is.na(value) | (is.numeric(value) & !is.finite(value))] <- "null"
  if (length(value) == 1 && !inherits(value, "AsIs")) items else paste0("[", paste(items, collapse = ", "), "]")
}

# ---- designs: options are named as the command names them --------------------------------------------------------------
formula_of <- function(...) if (length(c(...))) reformulate(c(...)) else NULL
design_of <- function(data, o) {
  ids <- if (is.null(o$psu)) ~1 else formula_of(o$psu, o$ssu)
  suppressWarnings(svydesign(
    ids = ids, strata = formula_of(o$strata), weights = formula_of(o$weight), fpc = formula_of(o$fpc, o$fpc2),
    data = data, nest = isTRUE(o$nest)
  ))
}
designs <- list(
  list(id = "simple random", data = "simple_random", by = c("area", "sex"), options = list(weight = "weight")),
  list(id = "simple random, fpc", data = "simple_random", by = "area",
       options = list(weight = "weight", fpc = "population")),
  list(id = "simple random, weights from fpc", data = "simple_random", by = "sex", options = list(fpc = "population")),
  list(id = "stratified", data = "stratified", by = c("area", "sex"), options = list(weight = "weight", strata = "stratum")),
  list(id = "stratified, fpc as numbers", data = "stratified", by = c("area", "sex"),
       options = list(weight = "weight", strata = "stratum", fpc = "population")),
  list(id = "stratified, fpc as fractions", data = "stratified", by = "sex",
       options = list(weight = "weight", strata = "stratum", fpc = "fraction")),
  list(id = "clusters", data = "one_stage", by = "sex", options = list(weight = "weight", psu = "psu")),
  list(id = "clusters, fpc", data = "one_stage", by = "sex", options = list(weight = "weight", psu = "psu", fpc = "psus")),
  list(id = "stratified clusters", data = "nested", by = c("region", "sex", "region,sex"),
       options = list(weight = "weight", strata = "stratum", psu = "psu")),
  list(id = "nested labels", data = "nested", by = c("region", "sex", "region,sex"),
       options = list(weight = "weight", strata = "stratum", psu = "local", nest = TRUE)),
  list(id = "nested labels, fpc", data = "nested", by = c("region", "sex"),
       options = list(weight = "weight", strata = "stratum", psu = "local", nest = TRUE, fpc = "psus")),
  list(id = "certainty, fpc as numbers", data = "certainty", by = c("region", "sex"),
       options = list(weight = "weight", strata = "stratum", psu = "psu", fpc = "psus")),
  list(id = "certainty, fpc as fractions", data = "certainty", by = c("region", "sex"),
       options = list(weight = "weight", strata = "stratum", psu = "psu", fpc = "fraction")),
  list(id = "certainty, nested labels", data = "certainty", by = "sex",
       options = list(weight = "weight", strata = "stratum", psu = "local", nest = TRUE, fpc = "fraction")),
  list(id = "two stages", data = "two_stage", by = c("stratum", "sex"),
       options = list(weight = "weight", strata = "stratum", psu = "psu", fpc = "psus", ssu = "house", fpc2 = "houses")),
  list(id = "two stages, fractions, nested labels", data = "two_stage", by = "sex",
       options = list(weight = "weight", strata = "stratum", psu = "local", nest = TRUE,
                      fpc = "psus_share", ssu = "house", fpc2 = "houses_share")),
  list(id = "two stages without strata", data = "two_stage", by = c("stratum", "sex"),
       options = list(weight = "weight", psu = "psu", fpc = "psus_all", ssu = "house", fpc2 = "houses")),
  list(id = "two stages without weights", data = "two_stage", by = "sex",
       options = list(strata = "stratum", psu = "psu", fpc = "psus", ssu = "house", fpc2 = "houses"))
)
lonely_designs <- list(
  list(id = "lonely", data = "lonely", by = c("camp", "region"),
       options = list(weight = "weight", strata = "stratum", psu = "psu")),
  list(id = "lonely, fpc", data = "lonely", by = c("camp", "region"),
       options = list(weight = "weight", strata = "stratum", psu = "psu", fpc = "psus")),
  list(id = "lonely, fractions, nested labels", data = "lonely", by = "camp",
       options = list(weight = "weight", strata = "stratum", psu = "local", nest = TRUE, fpc = "fraction")),
  list(id = "lonely households", data = "lonely_houses", by = "camp",
       options = list(weight = "weight", strata = "stratum", psu = "psu", fpc = "psus", ssu = "house", fpc2 = "houses"))
)
named <- function(id) Filter(function(d) d$id == id, c(designs, lonely_designs))[[1]]
policies <- list(
  list("fail", FALSE), list("remove", FALSE), list("certainty", FALSE), list("adjust", FALSE), list("adjust", TRUE),
  list("average", FALSE), list("average", TRUE)
)
choose_policy <- function(lonely, domains) options(survey.lonely.psu = lonely, survey.adjust.domain.lonely = domains)

# ---- statistics: each variable alone, so that nothing is dropped listwise ----------------------------------------------
statistics <- list(
  list(stat = "mean", var = "y"), list(stat = "mean", var = "z"), list(stat = "mean", var = "s", missing = c(888, 999)),
  list(stat = "mean", var = "kind"), list(stat = "total", var = "y"), list(stat = "total", var = "z"),
  list(stat = "total", var = "kind"), list(stat = "ratio", var = "y/x"), list(stat = "ratio", var = "z/x")
)
lonely_statistics <- list(
  list(stat = "mean", var = "y"), list(stat = "mean", var = "t"), list(stat = "total", var = "y"),
  list(stat = "ratio", var = "z/x"), list(stat = "mean", var = "kind")
)
of_var <- function(stat) strsplit(stat$var, "/")[[1]]
estimated <- function(design, stat) {
  v <- of_var(stat)
  if (stat$stat == "mean") return(svymean(reformulate(v), design, na.rm = TRUE))
  if (stat$stat == "total") return(svytotal(reformulate(v), design, na.rm = TRUE))
  svyratio(reformulate(v[1]), reformulate(v[2]), design, na.rm = TRUE)
}
interval <- function(value, se, df, level = 0.95) {
  half <- se * if (is.finite(df) && df <= 0) NaN else qt((1 + level) / 2, df)
  c(value - half, value + half)
}
rows_of <- function(design, stat, by) {
  found <- estimated(design, stat)
  value <- as.numeric(coef(found)); se <- as.numeric(SE(found))
  kinds <- sub("^kind", "", names(coef(found)))
  var <- if (identical(of_var(stat), "kind")) paste0("kind=", kinds) else stat$var
  n <- sum(complete.cases(design$variables[of_var(stat)]) & weights(design) != 0)
  df <- degf(design)
  lapply(seq_along(value), function(k) list(
    by = by, var = var[k], estimate = value[k], se = se[k], n = n, df = df, interval = interval(value[k], se[k], df)
  ))
}
domains_of <- function(data, by) {
  columns <- strsplit(by, ",")[[1]]
  kinds <- unique(data[columns])
  lapply(seq_len(nrow(kinds)), function(k) {
    list(by = lapply(kinds[k, , drop = FALSE], as.character), rows = Reduce(`&`, Map(`==`, data[columns], kinds[k, ])))
  })
}
case <- function(d, policy, stat, by = NULL, where = NULL) {
  choose_policy(policy[[1]], policy[[2]])
  data <- sample_of(d$data)
  v <- of_var(stat)
  if (!is.null(stat$missing)) data[[v]][data[[v]] %in% stat$missing] <- NA
  where_text <- if (!is.null(where)) paste0(names(where), "==", where)
  label <- paste0(
    d$id, if (grepl("lonely", d$id)) paste0(", ", policy[[1]], if (policy[[2]]) " also in domains"), ": ", stat$stat,
    " of ", stat$var, if (!is.null(by)) paste(" by", by), if (!is.null(where)) paste(" where", where_text)
  )
  found <- tryCatch(suppressWarnings({
    whole <- design_of(data, d$options)
    kept <- if (is.null(where)) rep(TRUE, nrow(data)) else data[[names(where)]] == where
    domains <- if (is.null(by)) list(list(by = NULL, rows = TRUE)) else domains_of(data, by)
    list(rows = do.call(c, lapply(domains, function(g) rows_of(subset(whole, g$rows & kept), stat, g$by))))
  }), error = function(e) list(error = conditionMessage(e)))
  c(list(id = label, data = d$data, options = d$options, lonely = policy[[1]], lonely_domains = policy[[2]],
         missing = I(as.numeric(stat$missing)), by = by, where = where_text, stat = stat$stat, var = stat$var), found)
}
all_cases <- function(designs, policies, statistics) {
  cases <- list()
  for (d in designs) for (policy in policies) for (stat in statistics) {
    if (!all(of_var(stat) %in% names(sample_of(d$data)))) next
    cases <- c(cases, list(case(d, policy, stat)), lapply(d$by, function(by) case(d, policy, stat, by)))
  }
  cases
}

of_part <- list(
  case(named("nested labels, fpc"), policies[[1]], statistics[[2]], where = c(sex = "f")),
  case(named("nested labels, fpc"), policies[[1]], statistics[[5]], by = "sex", where = c(region = "west")),
  case(named("two stages"), policies[[1]], statistics[[8]], where = c(sex = "m")),
  case(named("lonely, fpc"), policies[[1]], lonely_statistics[[1]], where = c(region = "east")),
  case(named("lonely, fpc"), policies[[7]], lonely_statistics[[1]], by = "region", where = c(camp = "south"))
)

# ---- intervals: three rules for the degrees of freedom, at two levels --------------------------------------------------
interval_case <- function(id, rule, level) {
  choose_policy("fail", FALSE)
  d <- named(id)
  whole <- design_of(sample_of(d$data), d$options)
  rows <- lapply(domains_of(whole$variables, "region"), function(g) {
    part <- subset(whole, g$rows)
    found <- svymean(~y, part)
    df <- list(domain = degf(part), design = degf(whole), inf = Inf)[[rule]]
    list(by = g$by, var = "y", estimate = as.numeric(coef(found)), se = as.numeric(SE(found)), df = df,
         interval = as.numeric(confint(found, level = level, df = df)))
  })
  list(id = paste0(id, ", df ", rule, ", level ", level), data = d$data, options = d$options, rule = rule, level = level,
       by = "region", rows = rows)
}
interval_cases <- do.call(c, lapply(c("nested labels, fpc", "certainty, fpc as numbers"), function(id) {
  do.call(c, lapply(c("domain", "design", "inf"), function(rule) {
    lapply(c(0.95, 0.9), function(level) interval_case(id, rule, level))
  }))
}))

# ---- the tree of data/tree-*.toml: leaves as columns with their bases, nodes as expressions in the leaves ---------------
leaves_of <- function(data) {
  known <- with(data, list(
    i1 = z, i2 = ifelse(yes == 888, NA, 2 - yes), i3 = ifelse(s > 5, NA, s), i4 = y, i5 = ifelse(is.na(x), NA, z),
    i6 = 1 * (yes == 1), i7 = ifelse(s > 5 | yes != 1, NA, 1 * (s >= 4)), i8 = z
  ))
  value <- sapply(known, function(v) ifelse(is.na(v), 0, v))
  base <- sapply(known, function(v) 1 * !is.na(v))
  base[, "i5"] <- ifelse(base[, "i5"] == 1, data$x, 0)
  list(value = value, base = base, n = colSums(base != 0))
}
u <- list(i1 = quote(i1 / 10), i2 = quote(i2), i3 = quote((5 - i3) / 4), i4 = quote(i4 / 50), i5 = quote(i5),
          i6 = quote(i6), i7 = quote(i7), i8 = quote((i8 - 1) / 8))
tree <- list(D1.1 = bquote(0.5 + 4.5 * exp(0.3 * log(.(u$i1)) + 0.7 * log(.(u$i2)))),
             D1.2 = bquote(0.5 + 4.5 * (0.5 * .(u$i3) + 0.4 * .(u$i4))),
             D2.1 = bquote(1 + 9 * (0.25 * .(u$i7) + 0.75 * .(u$i8))))
tree$D1 <- bquote(.(tree$D1.1) + .(tree$D1.2))
tree$D2 <- bquote(1 + 9 * (.(u$i5) + .(u$i6) + (.(tree$D2.1) - 1) / 9) / 3)
tree$T <- bquote(.(tree$D1) + .(tree$D2))
nodes <- c(sapply(names(u), as.name), tree)

# Leaf means with the covariance of their influences, each leaf over its own base: nothing is dropped listwise.
leaf_means <- function(design, leaves = leaves_of(design$variables)) {
  w <- weights(design)
  mean <- colSums(w * leaves$value) / colSums(w * leaves$base)
  influence <- sweep(leaves$value - sweep(leaves$base, 2, mean, "*"), 2, colSums(w * leaves$base), "/")
  found <- svytotal(influence, design)
  found[] <- mean
  list(stat = structure(found, names = names(mean)), influence = influence)
}
tree_rows <- function(design, domain) {
  leaves <- leaves_of(design$variables)
  found <- svycontrast(leaf_means(design)$stat, nodes)
  kish <- sapply(names(u), function(k) {  # deff against simple random sampling with replacement
    design$variables$v <- ifelse(leaves$base[, k] == 0, NA, leaves$value[, k])
    as.numeric(deff(svymean(~v, design, na.rm = TRUE, deff = "replace")))
  })
  design$variables$top <- leaves$value[, "i5"]
  design$variables$bottom <- ifelse(leaves$base[, "i5"] == 0, NA, leaves$base[, "i5"])
  kish["i5"] <- as.numeric(deff(svyratio(~top, ~bottom, design, na.rm = TRUE, deff = "replace")))
  lapply(names(nodes), function(code) list(
    domain = domain, code = code, estimate = as.numeric(coef(found)[code]),
    se = as.numeric(SE(found)[names(coef(found)) == code]),
    n = if (code %in% names(u)) leaves$n[[code]], df = degf(design),
    deff = if (code %in% names(u)) kish[[code]]
  ))
}
tree_case <- function(d, policy, by = NULL) {
  choose_policy(policy, FALSE)
  data <- sample_of(d$data)
  whole <- design_of(data, d$options)
  groups <- if (is.null(by)) list(list(by = NULL, rows = rep(TRUE, nrow(data)))) else domains_of(data, by)
  rows <- do.call(c, lapply(groups, function(g) suppressWarnings(tree_rows(subset(whole, g$rows), g$by[[1]]))))
  list(id = paste0(d$id, ", ", policy, if (!is.null(by)) paste(" by", by)), data = d$data, options = d$options,
       lonely = policy, by = by, rows = rows)
}
tree_cases <- c(
  do.call(c, lapply(c("simple random", "stratified, fpc as numbers", "clusters", "nested labels", "nested labels, fpc",
                      "certainty, fpc as fractions", "two stages", "two stages without strata"), function(id) {
    d <- named(id)
    c(list(tree_case(d, "fail")), lapply(intersect(d$by, c("area", "region", "sex")), function(by) tree_case(d, "fail", by)))
  })),
  lapply(c("remove", "adjust", "average"), function(policy) tree_case(named("lonely, fpc"), policy)),
  lapply(c("remove", "adjust"), function(policy) tree_case(named("lonely, fpc"), policy, "region"))
)

# ---- two rounds: independent, and in the same PSUs ---------------------------------------------------------------------
change_rows <- function(rows_before, rows_after, before, after, shared, domain) {
  o <- list(weight = "weight", strata = "stratum", psu = "psu")
  difference <- function(code) {
    as_round <- function(expr, round) {
      do.call(substitute, list(expr, lapply(setNames(paste0(names(u), "_", round), names(u)), as.name)))
    }
    bquote(.(as_round(nodes[[code]], 2)) - .(as_round(nodes[[code]], 1)))
  }
  both <- rbind(cbind(before, round = 1), cbind(after, round = 2))
  inside <- c(rows_before, rows_after)
  if (!shared) both$stratum <- paste(both$stratum, both$round); if (!shared) both$psu <- paste(both$psu, both$round)
  whole <- design_of(both, o)
  leaves <- leaves_of(both)
  parts <- lapply(1:2, function(r) {
    mine <- inside & both$round == r
    leaf_means(whole, list(value = leaves$value * mine, base = leaves$base * mine))
  })
  found <- svytotal(cbind(parts[[1]]$influence, parts[[2]]$influence), whole)
  found[] <- c(parts[[1]]$stat, parts[[2]]$stat)
  names(found) <- c(paste0(names(u), "_1"), paste0(names(u), "_2"))
  value <- svycontrast(found, setNames(lapply(names(nodes), difference), names(nodes)))
  each <- lapply(1:2, function(r) svycontrast(parts[[r]]$stat, nodes))
  lapply(seq_along(nodes), function(k) list(  # with p from the normal
    domain = domain, code = names(nodes)[k], before = as.numeric(coef(each[[1]])[k]), after = as.numeric(coef(each[[2]])[k]),
    value = as.numeric(coef(value)[k]), se = as.numeric(SE(value)[k])
  ))
}
change_case <- function(shared, by = NULL) {
  choose_policy("fail", FALSE)
  before <- sample_of("before"); after <- sample_of("after")
  groups <- if (is.null(by)) list(NULL) else as.list(sort(unique(before[[by]])))
  rows <- do.call(c, lapply(groups, function(g) {
    pick <- function(data) if (is.null(g)) rep(TRUE, nrow(data)) else data[[by]] == g
    change_rows(pick(before), pick(after), before, after, shared, g)
  }))
  test <- sapply(rows, function(row) 2 * pnorm(-abs(row$value / row$se)))
  rows <- Map(function(row, p, q) c(row, p = p, q = q), rows, test, p.adjust(test, "BH"))
  list(id = paste0(if (shared) "in the same PSUs" else "independent", if (!is.null(by)) paste(" by", by)), shared = shared,
       by = by, options = list(weight = "weight", strata = "stratum", psu = "psu"), rows = rows)
}

# ---- replicate weights -------------------------------------------------------------------------------------------------
replicate_case <- function(type, mse, file) {
  choose_policy("fail", FALSE)
  set.seed(20190327)
  data <- sample_of("nested")
  data$s[data$s > 5] <- NA
  design <- design_of(data, list(weight = "weight", strata = "stratum", psu = "psu"))
  more <- if (type == "subbootstrap") list(replicates = 24) else list()
  rep <- do.call(as.svrepdesign, c(list(design, type = type, mse = mse), more))
  factors <- weights(rep, "analysis")
  colnames(factors) <- paste0("r", seq_len(ncol(factors)))
  write.csv(format(factors, digits = 17, trim = TRUE), file.path(out, "data", file), row.names = FALSE, quote = FALSE)
  row <- function(var, stat, found) lapply(seq_along(coef(found)), function(k) list(
    var = if (var == "kind") paste0("kind=", sub("kind", "", names(coef(found))[k])) else var, stat = stat,
    estimate = as.numeric(coef(found))[k], se = as.numeric(SE(found))[k]))
  node_values <- function(w, data) {
    leaves <- leaves_of(data)
    mean <- as.list(colSums(w * leaves$value) / colSums(w * leaves$base))
    sapply(nodes, eval, mean)
  }
  scored <- withReplicates(rep, node_values)
  east <- subset(rep, region == "east")
  list(
    id = paste(type, if (mse) "about the estimate" else "about the mean of replicates"), data = "nested", file = file,
    mse = mse, scale = rep$scale, rscales = I(rep$rscales), df = degf(rep),
    rows = c(row("y", "mean", svymean(~y, rep)), row("z", "mean", svymean(~z, rep, na.rm = TRUE)),
             row("s", "mean", svymean(~s, rep, na.rm = TRUE)), row("kind", "mean", svymean(~kind, rep, na.rm = TRUE)),
             row("y", "total", svytotal(~y, rep)), row("z/x", "ratio", svyratio(~z, ~x, rep, na.rm = TRUE))),
    east = row("y", "mean", svymean(~y, east)),
    nodes = lapply(seq_along(nodes), function(k) list(
      code = names(nodes)[k], estimate = as.numeric(coef(scored))[k], se = as.numeric(SE(scored))[k]
    ))
  )
}

jackknife_case <- function(id, mse) {
  # A stratum of one certain PSU is lonely to jknweights; with survey.drop.replicates the replicates of a total leave
  # certain PSUs out, but the total does not.
  choose_policy("remove", FALSE)
  options(survey.drop.replicates = FALSE)
  d <- named(id)
  design <- design_of(sample_of(d$data), d$options)
  rep <- as.svrepdesign(design, type = if (is.null(d$options$strata)) "JK1" else "JKn", mse = mse)
  rows <- lapply(statistics[c(1, 2, 5, 6, 9)], function(stat) {
    found <- estimated(rep, stat)
    list(stat = stat$stat, var = stat$var, estimate = as.numeric(coef(found)), se = as.numeric(SE(found)))
  })
  list(id = paste0(id, ", ", if (mse) "about the estimate" else "about the mean of replicates"), data = d$data,
       options = d$options, mse = mse, rows = rows)
}
jackknife_cases <- do.call(c, lapply(
  c("clusters", "clusters, fpc", "stratified clusters", "nested labels, fpc", "certainty, fpc as numbers"),
  function(id) list(jackknife_case(id, FALSE), jackknife_case(id, TRUE))
))

# ---- calibration: variances that know of it ----------------------------------------------------------------------------
sex <- data.frame(sex = c("f", "m"), Freq = c(1500, 1300))
age <- data.frame(age = c("18-34", "35-54", "55+"), Freq = c(800, 1100, 900))
cell <- data.frame(cell = c("f 18-34", "f 35-54", "f 55+", "m 18-34", "m 35-54", "m 55+"),
                   Freq = c(450, 560, 490, 350, 540, 410))
margins <- c(`(Intercept)` = 2800, sexm = 1300, `age35-54` = 1100, `age55+` = 900)
calibrated <- list(
  post_stratification = function(d) postStratify(d, ~cell, cell),
  raking = function(d) calibrate(d, ~ sex + age, margins, calfun = "raking", epsilon = 1e-13, maxit = 200),
  `raking by R's rake` = function(d) rake(d, list(~sex, ~age), list(sex, age), control = list(maxit = 500, epsilon = 1e-14)),
  linear = function(d) calibrate(d, ~ sex + age, margins),
  `linear with household size` = function(d) calibrate(d, ~ sex + age + house_size, c(margins, house_size = 11000))
)
calibration_case <- function(method) {
  choose_policy("fail", FALSE)
  data <- sample_of("calibration")
  data$s[data$s > 5] <- NA
  options <- list(weight = "weight", strata = "stratum", psu = "psu")
  whole <- calibrated[[method]](design_of(data, options))
  women <- subset(whole, sex == "f")
  stats <- list(list(stat = "mean", var = "y"), list(stat = "mean", var = "z"), list(stat = "mean", var = "kind"),
                list(stat = "total", var = "y"), list(stat = "total", var = "z"), list(stat = "ratio", var = "z/x"))
  rows <- function(design, by) do.call(c, lapply(stats, function(stat) lapply(rows_of(design, stat, by), function(row) {
    c(list(stat = stat$stat), row)
  })))
  list(id = method, data = "calibration", options = options, weights = as.numeric(weights(whole)),
       rows = c(rows(whole, NULL), rows(women, list(sex = "f"))))
}

# ---- all of it ---------------------------------------------------------------------------------------------------------
dir.create(file.path(out, "data"), showWarnings = FALSE)
expected <- list(
  R = as.character(getRversion()), survey = as.character(packageVersion("survey")),
  estimates = c(all_cases(designs, policies[1], statistics), all_cases(lonely_designs, policies, lonely_statistics),
                of_part),
  intervals = interval_cases,
  trees = tree_cases,
  changes = list(change_case(FALSE), change_case(FALSE, "region"), change_case(TRUE), change_case(TRUE, "region")),
  replicates = list(replicate_case("subbootstrap", FALSE, "replicates-bootstrap.csv"),
                    replicate_case("subbootstrap", TRUE, "replicates-bootstrap.csv"),
                    replicate_case("JKn", FALSE, "replicates-jackknife.csv"),
                    replicate_case("JKn", TRUE, "replicates-jackknife.csv")),
  jackknife = jackknife_cases,
  calibrations = lapply(names(calibrated), calibration_case)
)
writeLines(json(expected), file.path(out, "expected.json"))
