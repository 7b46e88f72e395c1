module namespaces

go 1.26
