// The application on Go's net/http, with no framework.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func hello(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, "Hello World!")
}

func greet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]string{"message": "Hello World!"})
}

func form(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, r.PostFormValue("name"))
}

func upload(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprint(w, len(body))
}

func main() {
	http.HandleFunc("/", hello)
	http.HandleFunc("/json", greet)
	http.HandleFunc("/form", form)
	http.HandleFunc("/upload", upload)
	site := http.FileServer(http.Dir(os.Getenv("SITE")))
	http.Handle("/static/", http.StripPrefix("/static/", site))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
