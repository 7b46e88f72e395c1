module steerable

go 1.26
