# Writes the SPSS and Stata files of this folder. Rscript make.R, in this folder; R with haven and foreign.
library(haven)

answers <- data.frame(
  id = 1:6,
  province = c("Đà Nẵng", "Huế", "Bà Rịa - Vũng Tàu", "", "Cà Mau", "Huế"),
  weight = c(0.5, 1.25, 2, NA, 1, 3.75),
  day = as.Date(c("2023-08-01", "2023-08-02", NA, "2023-08-03", "2023-08-04", "2023-08-05"))
)
words <- c("Có" = 1, "Không" = 2)

spss <- answers
spss$q1 <- labelled_spss(
  c(1, 2, 888, 999, NA, 1), c(words, "Không biết" = 888, "Từ chối" = 999), na_values = c(888, 999)
)
spss$q2 <- labelled_spss(c(1, 5, -5, -1, 3, 7), c("Thấp" = 1, "Cao" = 5), na_range = c(-9, -1), na_values = 7)
spss$sex <- labelled_spss(c("m", "f", "m", "x", "f", "m"), c(Nam = "m", "Nữ" = "f", "Không nói" = "x"), na_values = "x")
write_sav(spss, "haven.sav", compress = "byte")
write_sav(spss, "haven-plain.sav", compress = "none")
write_sav(spss, "haven.zsav", compress = "zsav")

stata <- answers
stata$q1 <- labelled(
  c(1, 2, tagged_na("a"), tagged_na("b"), NA, 1),
  c(words, "Không biết" = tagged_na("a"), "Từ chối" = tagged_na("b"))
)
stata$q2 <- labelled(c(1L, 5L, NA, NA, 3L, 7L), c("Thấp" = 1L, "Cao" = 5L))
write_dta(stata, "haven-15.dta", version = 15)
write_dta(stata, "haven-13.dta", version = 13)

# Stata before 14 kept texts in the code page of its computer without naming it: é in Latin-1 stands for @.
foreign::write.dta(data.frame(id = 1:3, name = c("a", "b", "c")), "foreign-10.dta", version = 10)
foreign::write.dta(data.frame(id = 1:3, name = c("a", "@", "c")), "latin-10.dta", version = 10)
bytes <- readBin("latin-10.dta", "raw", 10000)
bytes[bytes == charToRaw("@")] <- as.raw(0xE9)
writeBin(bytes, "latin-10.dta")
