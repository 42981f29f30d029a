.PHONY: demo test build packages format lint
