module raw-quota

go 1.26
