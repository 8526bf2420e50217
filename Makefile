# make demo    a server, a virtual desktop, an end-user's session and an unattended computer, to look at
# make test    everything: lint, unit with -race, web, fuzz smoke, end to end in a real browser
# make build   bin/deskhand, bin/RemoteSupport, dist/clients/
# make lint gen bench e2e wine
# Each installs what it lacks (apt when root) and is quick when nothing changed.

SHELL := /bin/bash -o pipefail
GO    ?= go
TOOL  := $(GO) tool -modfile=tools/go.mod

# Debian's packages, by what needs them.
RACE_PACKAGES    := gcc libc6-dev
DESKTOP_PACKAGES := xvfb openbox xdotool x11-utils x11-xserver-utils xterm mousepad x11-apps fonts-dejavu-core fonts-noto-core fonts-noto-cjk curl
VIDEO_PACKAGES   := gcc libc6-dev libvpx-dev libyuv-dev zstd
TEST_PACKAGES    := $(DESKTOP_PACKAGES) chromium postgresql xauth x11-xkb-utils zenity imagemagick sqlite3 fonts-inter fonts-noto-color-emoji vim-tiny procps tmux git systemd dbus libpam-systemd lightdm lightdm-gtk-greeter
# The Windows client runs in Wine here; its compiler builds what Wine lacks (internal/wine).
WINE_PACKAGES    := xvfb wine wine64 gcc-mingw-w64-x86-64-win32 osslsigncode openssl
# The packages with tests of their own for Windows.
WINE_TESTS       := $(sort $(dir $(shell find client cmd internal -name '*_windows_test.go')))

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
# Unattended clients update themselves to what their release key signed (docs/design/0012-updates.md). Without RELEASE_PUBLIC, the file of an operator's
# own public key, the build makes a key of its own below bin/ and signs with it; with it, the operator signs by `deskhand release sign`.
RELEASE        ?= $(shell git rev-list --count HEAD 2>/dev/null || echo 0)
RELEASE_PUBLIC ?= bin/release.pub
CLIENT_LDFLAGS  = $(LDFLAGS) -X main.release=$(RELEASE) -X main.releaseKey=$$(cat $(RELEASE_PUBLIC))
CLIENTS := dist/clients/linux-amd64/RemoteSupport dist/clients/linux-arm64/RemoteSupport dist/clients/windows-amd64/RemoteSupport.exe dist/clients/windows-arm64/RemoteSupport.exe
# Nobody has run these: they are built, not offered.
UNTRIED := dist/untried/darwin-arm64/RemoteSupport dist/untried/darwin-amd64/RemoteSupport
# The same as Windows writes versions: four numbers below 65536.
FILE_VERSION    = 0.0.$$(( $(RELEASE) / 65536 )).$$(( $(RELEASE) % 65536 ))
# Clients for Windows can be bound to a server and signed with Authenticode (docs/operating.md, "Signing the client for Windows"):
# make build SERVER=https://support.example.com SIGN_WITH='-certs cert.pem -key key.pem -ts http://timestamp.example.com'
SIGNING = $(strip $(SERVER) $(FINGERPRINT) $(SIGN_WITH))
# The client's video encoder is C, so it is built for this machine's kind only; other clients send moving pictures as JPEG.
HOST  := $(shell $(GO) env GOHOSTOS)-$(shell $(GO) env GOHOSTARCH)
VIDEO := $(if $(filter linux-amd64 linux-arm64,$(HOST)),client/video/encoder_$(subst -,_,$(HOST)).zst)
TAGS  := $(if $(VIDEO),-tags videohelper)
# SQLite is C turned into Go, which locks for itself. The race detector need not watch it, and without it is many times quicker.
UNWATCHED := -gcflags=modernc.org/...=-race=false
GO_SOURCES  := $(shell find . -name '*.go' -not -path './web/node_modules/*' -not -path './e2e/node_modules/*') go.mod go.sum
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*')
ASSETS      := $(shell find client server wire secure -type f -not -name '*.go' 2>/dev/null)

.PHONY: all build web demo test lint gen gen-check bench e2e unit wine web-test fuzz clean always
all: build
.DELETE_ON_ERROR: # a program that could not be signed is none to give out

build: bin/deskhand bin/RemoteSupport $(CLIENTS) $(UNTRIED) $(if $(filter bin/release.pub,$(RELEASE_PUBLIC)),dist/clients/release.signed)

bin/release.pub: | bin/deskhand
	rm -f bin/release.key
	bin/deskhand release keygen --key bin/release.key --public $@ >/dev/null

dist/clients/release.signed: $(CLIENTS) bin/release.pub
	@rm -f $@
	bin/deskhand release sign --key bin/release.key --number $(RELEASE) --name '$(VERSION)' --clients dist/clients

bin/deskhand: $(GO_SOURCES) $(ASSETS) web/dist/index.html
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/deskhand

bin/RemoteSupport: $(GO_SOURCES) $(ASSETS) $(VIDEO) $(RELEASE_PUBLIC)
	CGO_ENABLED=0 $(GO) build $(TAGS) -trimpath -ldflags "$(CLIENT_LDFLAGS)" -o $@ ./cmd/remotesupport

dist/clients/%/RemoteSupport: $(GO_SOURCES) $(ASSETS) $(VIDEO) $(RELEASE_PUBLIC)
	CGO_ENABLED=0 GOOS=$(word 1,$(subst -, ,$*)) GOARCH=$(word 2,$(subst -, ,$*)) $(GO) build $(if $(filter $(HOST),$*),$(TAGS)) -trimpath -ldflags "$(CLIENT_LDFLAGS)" -o $@ ./cmd/remotesupport

# A program for Windows without a console of its own, with its icon, version and manifest. To be signed by whoever gives it out (docs/operating.md).
dist/clients/windows-%/RemoteSupport.exe: $(GO_SOURCES) $(ASSETS) $(RELEASE_PUBLIC) $(wildcard cmd/remotesupport/winres/*) bin/signing | $(if $(SERVER),bin/deskhand)
	@cd cmd/remotesupport && $(GO) tool -modfile=../../tools/go.mod go-winres make --arch $* --product-version $(FILE_VERSION) --file-version $(FILE_VERSION)
	CGO_ENABLED=0 GOOS=windows GOARCH=$* $(GO) build -trimpath -ldflags "$(CLIENT_LDFLAGS) -H windowsgui" -o $@ ./cmd/remotesupport
	$(if $(SERVER),bin/deskhand release bind --server '$(SERVER)' $(if $(FINGERPRINT),--fingerprint $(FINGERPRINT)) $@)
	$(if $(SIGN_WITH),@scripts/need.sh osslsigncode && osslsigncode sign -h sha256 -n 'Remote Support' $(SIGN_WITH) -in $@ -out $@.signed && mv $@.signed $@)

# How they were signed the last time: they are built anew when that changes.
bin/signing: always
	@mkdir -p bin && echo "$(SIGNING)" | cmp -s - $@ || echo "$(SIGNING)" >$@

dist/untried/darwin-%/RemoteSupport: $(GO_SOURCES) $(ASSETS) $(RELEASE_PUBLIC)
	CGO_ENABLED=0 GOOS=darwin GOARCH=$* $(GO) build -trimpath -ldflags "$(CLIENT_LDFLAGS)" -o $@ ./cmd/remotesupport

$(VIDEO): $(wildcard client/video/encoder/* client/video/message/*.go) go.mod
	@scripts/need.sh $(VIDEO_PACKAGES)
	CGO_ENABLED=1 $(GO) build -tags videohelper,netgo,osusergo -trimpath -buildvcs=false -ldflags '-s -w -linkmode external -extldflags "-static"' -o $(@:.zst=) ./client/video/encoder
	zstd -19 -q -f --rm $(@:.zst=)

web: web/dist/index.html

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

e2e/node_modules/.package-lock.json: e2e/package.json e2e/package-lock.json
	cd e2e && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: build
	@scripts/need.sh $(DESKTOP_PACKAGES)
	@scripts/demo.sh

test:
	@scripts/test.sh

unit: web/dist/index.html $(VIDEO)
	@scripts/need.sh $(RACE_PACKAGES) $(TEST_PACKAGES) $(WINE_PACKAGES)
	$(TOOL) gotestsum --format pkgname --junitfile $${JUNIT:-/dev/null} -- $(TAGS) -race $(UNWATCHED) -timeout 10m ./...
	$(GO) test $(TAGS) ./bench/...

bin/winexec: $(GO_SOURCES) $(wildcard internal/wine/shim/*)
	CGO_ENABLED=0 $(GO) build -o $@ ./internal/wine/winexec

# The race detector needs cgo, which the Windows client does without.
wine: bin/winexec
	@scripts/need.sh $(WINE_PACKAGES)
	$(TOOL) gotestsum --format pkgname --junitfile $${JUNIT:-/dev/null} --raw-command -- env GOOS=windows GOARCH=amd64 $(GO) test -json -exec $(CURDIR)/bin/winexec -timeout 5m $(WINE_TESTS:%=./%)

web-test: web/node_modules/.package-lock.json
	cd web && npm test --silent

lint: web/node_modules/.package-lock.json e2e/node_modules/.package-lock.json $(VIDEO)
	@out=$$($(TOOL) gofumpt -l $$(git ls-files --cached --others --exclude-standard '*.go' | grep -v '\.pb\.go$$')); test -z "$$out" || { echo "not in gofumpt's form (run '$(TOOL) gofumpt -w'):"; echo "$$out"; exit 1; }
	$(GO) vet $(TAGS) ./...
	@for system in windows/amd64 windows/arm64 darwin/amd64 darwin/arm64; do GOOS=$${system%/*} GOARCH=$${system#*/} $(GO) vet ./client/... ./cmd/remotesupport || exit 1; done
	$(TOOL) staticcheck $(TAGS) ./...
	cd web && npm run --silent lint
	web/node_modules/.bin/tsc --noEmit -p e2e

gen: web/node_modules/.package-lock.json
	@scripts/gen.sh

gen-check: web/node_modules/.package-lock.json
	@scripts/gen.sh --check

fuzz:
	@scripts/need.sh osslsigncode openssl
	@scripts/fuzz.sh

e2e: build bin/winexec e2e/node_modules/.package-lock.json
	@scripts/need.sh $(TEST_PACKAGES) $(WINE_PACKAGES)
	@bin/winexec cmd /c ver >/dev/null # the first time it installs Wine's Windows, for which no test should have to wait
	cd e2e && npx playwright test

# go test -bench of every stage; with HARNESS=DIR ours beside its peers: scripts/bench.sh has the options
bench: $(VIDEO) $(if $(HARNESS),build)
	@TAGS='$(TAGS)' RUN_SECONDS='$(if $(filter command line,$(origin SECONDS)),$(SECONDS))' scripts/bench.sh

clean:
	git clean -fdXq bin dist web e2e client/video
