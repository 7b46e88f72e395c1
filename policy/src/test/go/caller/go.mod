module dev.warder/caller

go 1.25
