# studyhub: thin wrappers over uv. `make` alone lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run dev test quick check fmt bench chaos browser

UV := $(CURDIR)/.ci/uv
PY := .venv/bin/python
# Whatever the shell says: a start that compiles every library anew costs five seconds more.
unexport PYTHONDONTWRITEBYTECODE

help: ## 列出全部命令
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/.ready ## 建立虚拟环境，安装锁定的依赖

.venv/.ready: uv.lock pyproject.toml Makefile
	@$(UV) sync --locked --quiet
	@touch $@

run: setup ## 启动整个产品（SQLite、内嵌消息、渠道沙箱、演示数据）
	@exec $(PY) manage.py run

dev: setup ## 给开发者：同一个产品，DEBUG，改了代码、模板、脚本就重载，带工具栏
	@DJANGO_SETTINGS_MODULE=studyhub.settings.develop exec $(PY) manage.py develop

browser: setup
	@.ci/browser

test: setup browser ## 跑全部测试
	@.ci/test $(ARGS)

quick: setup ## 快速测试：不开浏览器，SQLite，沿用上次的库
	@.ci/quick

check: setup ## 格式、规范、类型、分层、模板、迁移、部署检查
	@.ci/check

fmt: setup ## 整理代码与模板的格式
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .
	@.venv/bin/djhtml --tabwidth 2 templates studyhub/channels/adapters

bench: setup ## 性能对照表，写入 var/bench/
	@$(PY) -m tests.bench

chaos: setup ## 渠道的风暴演练：每一课每个平台恰好一篇（自带 PostgreSQL、Redis，约半小时）
	@$(PY) -m tests.chaos $(ARGS)
