#!/usr/bin/env bash
# `make fuzz`: for FUZZ_MINUTES (10), requests at random by every role, histories of them, whatever bytes there are, and
# the search for answers that tell who wrote something. Ends with 1 at the first finding, which says how to repeat it, and
# where 5 minutes or more did not suffice for one whole round: what was never asked was not tested.
set -euo pipefail
cd "$(dirname "$0")/.."
export DJANGO_SETTINGS_MODULE=config.settings.test FUZZ_EXAMPLES=${FUZZ_EXAMPLES:-4} NON_INTERFERENCE_EXAMPLES=${NON_INTERFERENCE_EXAMPLES:-40}
minutes=${FUZZ_MINUTES:-10}
end=$((SECONDS + 60 * minutes))

rounds=0
while [ $SECONDS -lt $end ]; do
  seed=${SEED:-$RANDOM}
  status=0
  # Python's own tests of the parsers are short: each round has them once, with another seed.
  timeout --signal=INT --kill-after=60 $((end - SECONDS)) .venv/bin/python -m pytest -n auto --dist worksteal -x -q \
    --hypothesis-seed="$seed" config/tests/test_schemathesis.py config/tests/test_any_input.py \
    config/tests/test_non_interference.py::test_no_history_brings_out_a_difference \
    api/tests/test_pagination.py api/tests/test_images_refused.py timetable/tests/test_catalogue_notation.py || status=$?
  case $status in
    0) rounds=$((rounds + 1)) ;;
    124) break ;;
    *)
      echo "madang: found something. Repeat it: SEED=$seed make fuzz" >&2
      exit 1
      ;;
  esac
  [ -z "${SEED:-}" ] || break
done
echo "madang: nothing found in $SECONDS s, $rounds whole rounds"
if [ $rounds = 0 ] && [ "$minutes" -ge 5 ]; then
  echo 'madang: not one whole round was done, so not everything was asked. Set FUZZ_MINUTES higher.' >&2
  exit 1
fi
