module slotmark/peers/go_cgo_handle

go 1.19
