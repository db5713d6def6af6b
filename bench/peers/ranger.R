# ranger as a peer of bench/forest.js; the commands are those of peers/forest.py, but for `arrays`.
suppressPackageStartupMessages(library(ranger))
say <- function(...) {
  cat(..., "\n")
  flush(stdout())
}
matrix_of <- function(path, features) {
  values <- readBin(path, "numeric", file.size(path) / 4, size = 4)
  x <- matrix(values, ncol = as.integer(features), byrow = TRUE)
  colnames(x) <- paste0("x", seq_len(ncol(x)))
  x
}
input <- file("stdin")
open(input)
say("ranger", as.character(packageVersion("ranger")))
while (length(line <- readLines(input, 1)) > 0) {
  args <- strsplit(line, " ")[[1]]
  if (args[1] == "fit") {
    x <- matrix_of(args[2], args[4])
    y <- factor(readBin(args[3], "integer", nrow(x), size = 1, signed = FALSE))
    start <- proc.time()[["elapsed"]]
    # Its own default for a probability forest stops at ten rows; full trees are asked of everyone here.
    fitted <- ranger(
      x = x, y = y, probability = TRUE, num.trees = as.integer(args[5]), max.depth = as.integer(args[6]),
      min.node.size = 1, num.threads = as.integer(args[7]), seed = 1, verbose = FALSE
    )
    seconds <- proc.time()[["elapsed"]] - start
    say(seconds, sum(sapply(fitted$forest$child.nodeIDs, function(tree) length(tree[[1]]))))
  } else {
    x <- matrix_of(args[2], args[3])
    start <- proc.time()[["elapsed"]]
    found <- predict(fitted, data = x, num.threads = as.integer(args[4]), verbose = FALSE)$predictions
    seconds <- proc.time()[["elapsed"]] - start
    writeBin(as.vector(t(found[, levels(y)])), args[5], size = 4)
    say(seconds)
  }
}
