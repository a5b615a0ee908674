r"""Several stores: merged into one, one compared with another, a series of them searched for changes.

## Merge

``merge(["monday.sqlite", "tuesday.sqlite"], into="both.sqlite")`` writes one store with the trials of all. Blocks stay whole,
so that ratios are taken within one block on one host, as in a study; blocks of a study that lacks a configuration are simply
without it. A trial is known by its content: what two stores share is there once, in whatever order and how often they are
merged. The intervals of a merged store hold at any time, since whoever measures again may have looked before.

## Compare

``compare_stores("old.sqlite", "new.sqlite")`` asks what an upgrade of QEMU or of the kernel changed. Two stores have no blocks in
common, so the medians of both are compared, each with an interval of its own by order statistics, in which neighbours that are
alike count as fewer; the interval of the ratio follows from both (:mod:`accelkit.study.across.unpaired`). All intervals hold at
once with the ``confidence``. In simulations of two sessions of one process, with 19 kinds of noise, an interval excluded 1 in 4.1%
at most where 5% are allowed.

No interval knows what else differs between two sessions: heat, other work, another host. It is in the ratio of times, and no
number of blocks averages it away. So what differs is listed first, a caution says how far apart the sessions are, and beside each
ratio of times stands that of the ratios to the baseline within each store, in which the speed of host and hour cancels. Where the
upgrade may slow the baseline as well, take a control that it cannot change: a guest (``control="cpu"``).
To measure both QEMUs in the same blocks, ``study(…, qemu=[old, new])``, is always better where both are at hand.

What fails in more than a fifth of its trials now, and did not before, counts as failing, not as slower.

## Trend

``trend(["january.sqlite", "february.sqlite", …])`` looks for changes of level over many stores, by ranks, so that nothing need be
known of how sessions spread; in noise, all series together show a change in 5% at most
(:mod:`accelkit.study.across.change_points`). With fewer than 9 stores of one series none can be shown, with more series it takes
more, and the report says how many. The newest store is compared with the level before it, if that has three stores or more, by
the spread of those.

## In CI

``--fail-slower 2%`` ends with status 1 if something is shown to be slower by more than 2% (the low end of its interval lies above
1.02), or fails now; with 3 if nothing is, but something undecided may be; with 0 if nothing can be. A workflow that keeps the store
of the last release as an artifact, compares, and fails if something is shown to be slower::

    name: speed
    on: [push, pull_request]
    jobs:
      speed:
        runs-on: [self-hosted, quiet]     # hosted runners differ from one another: add --relative there
        steps:
          - uses: actions/checkout@v4
          - run: pip install 'accelkit[trend]'
          - run: accelkit study 'tcg,thread={single,multi}' --guest smp --guest mmio --qemu build/qemu-system-x86_64
              --blocks 30 --store new.sqlite --quiet
          - uses: dawidd6/action-download-artifact@v6
            with: {name: speed, branch: main, workflow: speed.yml, path: main, if_no_artifact_found: ignore}
          - run: |
              test -e main/new.sqlite || exit 0              # the first run
              status=0
              accelkit compare main/new.sqlite new.sqlite --fail-slower 2% --junit speed.xml --github || status=$?
              test $status = 0 -o $status = 3                # 3: undecided; leave this line out to be strict
          - uses: actions/upload-artifact@v4
            if: always()
            with: {name: speed, path: new.sqlite}

A bundled guest's work is calibrated by each study. Where the repetitions of a slice differ between two stores, the report says so,
with the guest to give both, and the intervals of times are wider (:mod:`accelkit.study.across.work`).
"""
