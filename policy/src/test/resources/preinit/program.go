// A policy-like program that does one thing at a time, as the linker's -X main.mode= says.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
	"unsafe"
)

//go:wasmimport host call
func hostCall(a unsafe.Pointer, al uint32, b unsafe.Pointer, bl uint32, c unsafe.Pointer, cl uint32, d unsafe.Pointer, dl uint32) uint32

var mode string

var (
	sum   int
	heap  []*[1024]byte
	reply uint32
	input []byte
)

func ask() uint32 {
	word := []byte("word")
	at := unsafe.Pointer(&word[0])
	return hostCall(at, 4, at, 4, at, 4, at, 4)
}

func init() {
	switch mode {
	case "goroutines":
		numbers := make(chan int)
		for i := range 21 {
			go func() { numbers <- i }()
		}
		for range 21 {
			sum += <-numbers
		}
		fired := make(chan bool)
		time.AfterFunc(10*time.Millisecond, func() { fired <- true })
		<-fired
	case "heap":
		for range 10 << 10 {
			heap = append(heap, new([1024]byte))
		}
		runtime.GC()
	case "sleep":
		time.Sleep(300 * time.Millisecond)
	case "long-sleep":
		time.Sleep(2 * time.Second)
	case "log":
		fmt.Fprintln(os.Stderr, "starting")
	case "host-in-init":
		reply = ask()
	case "ticker":
		ticker := time.NewTicker(time.Millisecond)
		go func() {
			for range ticker.C {
				sum = 1
			}
		}()
	case "exit-in-init":
		os.Exit(4)
	}
}

func main() {
	switch mode {
	case "settings-unread":
		if os.Args[1] == "validate-settings" {
			fmt.Println("true")
			return
		}
	case "host-in-main":
		reply = ask()
	case "pieces":
		piece := make([]byte, 3)
		for {
			n, err := os.Stdin.Read(piece)
			input = append(input, piece[:n]...)
			if err != nil {
				break
			}
		}
	case "elsewhere":
		read := make(chan []byte)
		go func() {
			all, _ := io.ReadAll(os.Stdin)
			read <- all
		}()
		select {
		case input = <-read:
		case <-time.After(time.Minute):
			fmt.Println("too late")
		}
	}
	if input == nil {
		input, _ = io.ReadAll(os.Stdin)
	}
	switch mode {
	case "panic":
		panic(string(input))
	case "nil":
		var nothing *int
		sum = *nothing
	case "exit":
		fmt.Fprintln(os.Stderr, "leaving")
		os.Exit(3)
	case "heap":
		runtime.GC()
		for range 5 << 10 {
			heap = append(heap, new([1024]byte))
		}
	case "ticker":
		time.Sleep(3 * time.Millisecond)
	}
	fmt.Println(os.Args, sum, len(heap), reply, string(input))
}
