"""From trials to comparisons, verdicts, cautions and cliffs: the statistics of a study, on one page. Pure.

## What is compared

A trial boots one guest once, with one configuration, on one QEMU build; these three make a *cell*. Its value is a
time, so smaller is better: ticks of the fastest slice for a bundled guest, seconds for all others. `panel` puts the
natural logarithms of all values into a table `L` of shape (cells, blocks), with NaN where a trial gave no value. A
value that is not a finite number above 0 counts as a failure.

## Blocks

A study is a randomised complete block design. Every block has each cell once, in a random order that follows from the
seed. Two cells are compared only inside a block, through the difference of their logarithms:

    d[b] = L[one, b] - L[other, b]        shape (pairs,), one number for each block that has both
    ratio = exp(median of d)              below 1: `one` is faster

Drift, heat and busy hours slow all cells of a block alike and cancel. A block in which one side failed or was not
tried is left out of that pair. `compare` takes each configuration against the baseline configuration, `compare_builds`
each build against the first; in both, build and guest (or guest and configuration) are the same on both sides.

## Phases

A run of the user's own guest may be divided into phases, each with the seconds that it lasted. A phase is compared as a
guest of its own would be (`accelkit.study.analysis.phases`), named `linux: boot`: with the same blocks, intervals and
verdicts, and as one comparison more. Where a run failed, so have its phases. Racing and precision look at whole runs only.

## The interval of a ratio

Let d(1) <= … <= d(n) be the n numbers in order. The interval lies between two of them:

    exp(d(k)) … exp(d(n + 1 - k))         with the largest k for which P(Bin(n, 1/2) < k) <= alpha / 2

It misses the true median with probability at most `alpha`: the interval that belongs to the sign test (Conover,
Practical Nonparametric Statistics, 3rd edition, section 3.2; `accelkit.study.analysis.ranks.rank`). It is exact for
every n and any noise, as long as a block's ratio is as likely to lie above the truth as below it. For equal
configurations the random order within a block ensures that. With too few pairs the interval is 0 … infinity; at
alpha = 5% the fewest are 6.

Two alternatives were simulated beside it. The bootstrap of the median missed the truth in 6 to 10% of cases at 8 to 20
blocks, where 5% are allowed. The signed-rank interval is a fifth narrower in normal noise, wider on hosts where only
some runs are undisturbed, and missed in 11 to 21% if the noise of one side is skewed, as it is when one configuration
needs two cores and the other one.

## Many comparisons

With m comparisons in one table each interval is made for alpha = (1 - confidence) / m (Bonferroni). So all intervals of
the table contain their truths at once with probability `confidence` or more. Every verdict follows from its interval,
so this is also the probability that no verdict of the table is wrong. Holm's method would decide slightly more
comparisons, but its verdicts would contradict the intervals beside them. The price is the fewest blocks: 6 for one
comparison, 11 for 30, 13 for 200. Comparisons with the baseline and comparisons of builds are two such tables.

## Looking more than once

These intervals hold for a number of blocks that was fixed before anything was measured. To look changes nothing, to add
blocks or to stop because of what one saw does: so the first budget of a study is its plan, and if the trials are not
those of that plan, from its begin to its end, the intervals are wider ones (`anytime`), which hold for all n at once,
however often one looks (`accelkit.study.budget`, which has the cases):

- A study that reached the end of its plan, in one call or in several with the same budget: fixed.
- One that still runs, or was interrupted, and is read before its end: anytime, until it reaches the end.
- One that a call with another budget went on with: anytime from then on. That is so, too, for who adds the blocks of
  which a report says that they would decide. That number is one for anytime intervals, therefore.
- One that adds blocks until it is precise enough: anytime.

Of simulated studies of equal configurations that took 12 or 20 blocks, then those that "would decide", and so on, at most
4.5% found a winner in any kind of noise; with intervals for a fixed number up to 6%, and where the report names a number
more readily, 9.7%. For s wins in n rounds let

    E(s, n) = 2^(n+1) * integral of p^s (1-p)^(n-s) dp, p from 1/2 to 1
            = sum(comb(n+1, i) for i in range(s+1)) / ((n+1) * comb(n, s))

If no round is won with a probability above 1/2, given the rounds before it, E is a supermartingale that starts at 1,
and the probability that it *ever* reaches x is at most 1 / x (Ville, Étude critique de la notion de collectif, 1939;
Robbins, Annals of Mathematical Statistics 41, 1970, p. 1397; Waudby-Smith and Ramdas, JRSS B 86, 2024). Here x is
2 / alpha for each end of the interval (`accelkit.study.analysis.ranks.wins_needed`); at alpha = 5% the fewest pairs
are 8. In simulations with a look after each of 100 blocks, 95% intervals for a fixed number of blocks missed the truth
at least once in 22% of studies, anytime intervals in 3%.

## Neighbouring blocks

All this counts each block as evidence of its own. On a busy host neighbouring ratios may be alike. Before an interval is
made, `accelkit.study.analysis.neighbours` checks that: the von Neumann ratio of the ranks (Bartels, JASA 77, 1982, p. 40),
which fires by chance in one of 33 comparisons. Where it fires, n blocks count as m, by the fitted correlation, and the
interval ends at the quantile k / (m + 1) of the n ratios, with the k of m. If m is too small for any k, the interval
reaches beyond the extremes (`accelkit.study.analysis.compare.beyond`). In simulations of series with correlations of .2
to .9 such intervals excluded the truth in 4% at most, those that count each block in up to 57%. What the check cannot
see remains: with 20 blocks a correlation of .5 goes unseen in 4 of 10 studies, with 50 blocks in 1 of 10.

## Verdicts

`delta` is the smallest difference that matters. From an interval low … high (`accelkit.study.analysis.verdict`):

- `no difference`: the interval lies inside 1 / (1 + delta) … 1 + delta, even if it excludes 1.
- `faster`: high < 1. `slower`: low > 1.
- `undecided`: the interval includes 1; or over 20% of the trials of a side failed, so that the others are no fair
  sample. With fewer than 12 pairs also, if the fastest runs do not confirm the verdict: one busy hour can be all of
  these blocks. Three runs of each side must come within 2% of its fastest (where the difference is larger than 8%,
  within a quarter of it), and the ratio of the fastest runs may not contradict the verdict by more than 2%.

A verdict is about the typical ratio, the median. Beside it stand three others: undisturbed (the fastest tenth of both
sides), paid (the means) and CPU time. Where undisturbed or paid disagrees in sign, or by more than the interval is wide,
the verdict stays and bears a named doubt (`accelkit.study.analysis.doubts`); so it does where neighbours are alike and
where trials failed. In simulations of 16 kinds of noise, with 20 to 200 blocks, equal configurations win or lose in 5% of
the studies at most, the rule decides at least 95% of what the interval alone decides, and more blocks decide more.

"About N blocks would decide" replays this rule (`accelkit.study.analysis.replay`): N is told if at least half of the
replays decide with it, and of simulated studies with effects of 2, 5 and 20% more than half did.

## The best configuration

`accelkit.study.analysis.pick` compares the candidates with each other, with the intervals of the table. The best one was
shown to be slower than no other by more than delta, and, if it is not the baseline, to be faster than that; of several
such it changes the fewest properties of the baseline. A wrong pick needs an interval that misses the truth in a comparison
with the truly best candidate, of which there is one fewer than candidates; so the error is that of the table, whatever
the data favour (multiple comparisons with the best: Hsu, Annals of Statistics 9, 1981, p. 1026). In simulations of 19 kinds
of noise, with 2 and 8 configurations and 20 blocks, the best one was wrong in 4% of the studies at most.

## Racing and precision

Between blocks, `accelkit.study.analysis.racing.lost` says which configurations have lost with a guest on a build. If a
rival was faster by more than delta in s of their n common blocks, E(s, n) is the evidence against a configuration; the
mean of that over all rivals is a supermartingale, too, if the configuration is the best. It has lost while that mean is at
least G / (1 - confidence), with the number G of guests times builds. So the best configuration of some guest is ever
dropped with probability 1 - confidence at most, in the whole study. With fewer than 12 common blocks a rival counts only
if the fastest runs agree; and blocks that are like their neighbours count as fewer, as above. The baseline always stays.

What has lost is measured in one of eight blocks from then on (`accelkit.study.drops`), at a place that follows from seed,
block and cell. It returns as soon as the evidence says no longer that it lost. A configuration that failed in all of three
or more trials is tried again, too, ever more rarely, down to one of 64 blocks.
`accelkit.study.analysis.racing.precise` ends a study when every interval satisfies high <= low * (1 + precision).

## Effects

`accelkit.study.analysis.effects` says which properties matter, averaged over the others, and which act together. Of a
grid an effect is a contrast of its configurations: of each block one number, as above, but a mean over many cells, so that
t intervals are used, with the limit that signs drawn at random for the blocks give for the largest |t| of the whole table
(`accelkit.study.analysis.contrasts`). In simulations of 15 kinds of noise, with 20 blocks, a table of them had an interval
that missed in 2 to 8% of 600 studies each; with failures and with configurations that were dropped it was the same. Of the
few points that a search chose, the response surface (`accelkit.study.analysis.surface`) says what holds over all points.

## Cautions

`accelkit.study.analysis.cautions` names what may make the numbers wrong, and what helps: failures, fewer than 20 blocks,
a busy host, steal time, frequency scaling (thresholds: `accelkit.host.noise`), a slow first block, drift (Kendall's rank
correlation of block and time over three standard deviations, and a Theil-Sen line that changes by 2% or more: Mann,
Econometrica 13, 1945, p. 245; Sen, JASA 63, 1968, p. 1379), and runs of two kinds (Otsu, IEEE Transactions SMC 9, 1979,
p. 62). A caution never changes a verdict.

## Cliffs

`accelkit.study.analysis.cliffs.cliff` sorts the ratios along a property that is a number. There is a cliff if the
largest step between neighbours makes two thirds, in logarithms, of the way from the best ratio to the worst, if all
ratios on one side of it are at least 1.5 times those on the other, and if the intervals at both ends of the step are
disjoint.
"""
