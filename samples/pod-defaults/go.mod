module pod-defaults

go 1.26
