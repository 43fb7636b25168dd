manage := .venv/bin/python manage.py

.DEFAULT_GOAL := help
.PHONY: help run test lint lint-workflows check-migrations check-deployment fuzz chaos format schema check-schema messages check-messages shell \
	compose-test server-new deploy rollback logs createsuperuser lock clean dev

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

run: ## Serve on HOST (127.0.0.1) and PORT (8000) from DATABASE_URL (db.sqlite3), with demo data
	@scripts/run.sh

test: dev ## Run the test suite; PYTEST_ARGS="-k posts" goes to pytest, DATABASE_URL chooses the server
	@DJANGO_SETTINGS_MODULE=config.settings.test .venv/bin/python -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

lint: dev ## Check style, types, who imports whom, and for holes
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy .
	@.venv/bin/lint-imports
	@.venv/bin/bandit --configfile pyproject.toml --quiet --recursive --severity-level medium accounts api board config timetable

lint-workflows: dev ## Check GitHub's workflows and every shell script (needs npm)
	@.ci/lint_workflows.sh

check-migrations: dev ## Fail when a migration would break the version before it (needs DATABASE_URL of a MySQL server)
	@DJANGO_SETTINGS_MODULE=config.settings.local .venv/bin/python scripts/create_database.py
	@.venv/bin/python scripts/check_migrations.py

check-deployment: dev ## Fail when Django finds a server's settings unsafe (needs the MySQL driver)
	@scripts/check_deployment.sh

fuzz: dev ## Ask for FUZZ_MINUTES (10) what nobody would ask; SEED repeats a finding
	@scripts/fuzz.sh

chaos: dev ## Kill what the API stands on amid CHAOS_WRITES (200) (needs MariaDB at DATABASE_URL, and Redis)
	@CHAOS_WRITES=$${CHAOS_WRITES:-200} DJANGO_SETTINGS_MODULE=config.settings.test \
		.venv/bin/python -m pytest -p no:xdist -q -s config/tests/test_chaos.py

format: dev ## Rewrite the code in the project's style
	@.venv/bin/ruff check --fix-only
	@.venv/bin/ruff format

schema: dev ## Write schema/openapi.yaml
	@$(manage) spectacular --file schema/openapi.yaml --validate --fail-on-warn

check-schema: dev ## Fail when schema/openapi.yaml is not what the code says
	@$(manage) spectacular --file .venv/openapi.yaml --validate --fail-on-warn
	@diff -u schema/openapi.yaml .venv/openapi.yaml || \
		{ echo 'madang: run "make schema" and commit what it writes.' >&2; exit 1; }

messages: dev ## Collect and compile the Korean messages (needs GNU gettext)
	@$(manage) makemessages --locale ko --no-location --no-obsolete
	@$(manage) compilemessages --locale ko --ignore .venv

check-messages: dev ## Fail when a Korean message is missing, unused or not compiled (needs GNU gettext)
	@.venv/bin/python scripts/check_messages.py

shell: dev ## Open a Python shell with the models
	@$(manage) shell

compose-test: ## Prove the containers from a fresh clone of what is committed (needs Docker)
	@docker/compose_test.sh

server-new: ## Ready a plain Debian or Ubuntu HOST: Docker, a firewall, start at boot
	@docker/remote.sh new "$(HOST)"

deploy: ## Release IMAGE on HOST; ENV_FILE is sent as its .env.prod, LOAD=1 sends an image of this machine
	@docker/remote.sh deploy "$(HOST)" "$(IMAGE)"

rollback: ## Go back to the release before, on HOST
	@docker/remote.sh rollback "$(HOST)"

logs: ## Follow the logs of HOST
	@docker/remote.sh logs "$(HOST)"

createsuperuser: ## Make an operator's account on HOST
	@docker/remote.sh createsuperuser "$(HOST)"

lock: ## Pin the dependencies of pyproject.toml in requirements/; UPGRADE=1 takes newer ones
	@scripts/lock.sh

clean: ## Remove .venv and caches; the data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles
	@find . -name __pycache__ -prune -exec rm -rf {} +

dev:
	@scripts/install.sh base dev
