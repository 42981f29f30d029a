# What one does with a checkout. `make` alone builds the program.

DN = .build/release/dn
PREFIX ?= /usr/local
# Tests use what the rooms show to each other, so they need no build of their own.
PLAIN = --disable-testable-imports
SOURCES = Sources Tests Package.swift

.PHONY: build demo test interop fuzz bench bench-peers format lint record packages install manual \
	screenshots jupyter-test

build:
	swift build -c release --product dn

# Denoises a built-in picture with a network trained on that picture alone.
demo: packages
	@$(MAKE) --no-print-directory build
	@mkdir -p demo
	$(DN) examples/first-light.dn
	@echo "The picture is $(CURDIR)/demo/first-light.png"

test: packages
	swift test -c release $(PLAIN)

# Files against the programs of others, both ways; needs Python and makes an environment of its own.
interop: build
	Tests/Interop/run.sh

# Ten minutes for each format and for the language.
fuzz: packages
	Tests/Fuzz/run.sh

# Whole steps beside PyTorch's where it is installed, then the kernels, layer by layer, beside the
# machine's measured peak.
bench: packages
	swift build -c release --product engine-benchmark
	benchmarks/engine/compare.py
	benchmarks/kernels/run.sh

# PyTorch in a virtual environment, for `make bench` to measure against.
bench-peers:
	python3 -m venv benchmarks/venv
	benchmarks/venv/bin/pip install --quiet torch numpy

format:
	swift format --in-place --recursive $(SOURCES)

lint:
	swift format lint --strict --recursive $(SOURCES)

# Writes down anew what the transcripts show; look at the difference before committing it.
record:
	DN_RECORD=1 swift test -c release $(PLAIN) --filter TranscriptTests

# Installs the Debian packages of Tools/packages.txt that are missing.
packages:
	@Tools/packages

install: build
	install -D $(DN) $(DESTDIR)$(PREFIX)/bin/dn

# The reference manual and the editors' grammar, from the declarations in the code.
manual: build
	rm -f docs/manual/*.md
	$(DN) manual docs/manual

# Jupyter's own conformance suite against the kernel; needs Python, which nothing else does.
jupyter-test: build
	python3 -m venv .build/jupyter
	.build/jupyter/bin/pip install -q jupyter_client jupyter_kernel_test nbclient nbformat ipykernel
	$(DN) jupyter install --prefix .build/jupyter
	DN=$(CURDIR)/$(DN) .build/jupyter/bin/python -m unittest -v Tests/Jupyter/conformance.py

# The pictures in the documents; needs xvfb, xterm, imagemagick and chromium, which nothing else does.
screenshots: build
	Tools/screenshots
