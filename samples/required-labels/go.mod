module required-labels

go 1.26
