r"""Where the trials of a study run: on this host, or on the hosts of a Dask cluster (``accelkit[scale]``).

    from dask.distributed import Client
    from accelkit import *
    from accelkit.study import study

    space = tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi))
    result = study(space, ["smp", "tb-thrash"], blocks=50, store="tcg.sqlite", on=Client("tcp://host:8786"))

``on`` takes a client, a cluster (``LocalCluster``, ``SLURMCluster`` …) or the address of a scheduler; ``prepare(…).run(on=…)``
and ``tune(…, on=…)`` take the same. In a shell it is

    accelkit study 'tcg,tb-size={8,64,512}' --guest smp --dask tcp://host:8786

**Start workers.** One on each host is enough; of several on one host accelkit uses one.

    dask scheduler                                                            # on one host, which need not measure
    dask worker tcp://host:8786 --nthreads 1 --resources "qemu=1"             # on each host that measures
    dask ssh --nthreads 1 host1 host2                                         # or both by ssh; needs paramiko

With SLURM, by dask-jobqueue, whole nodes:

    from dask_jobqueue import SLURMCluster

    cluster = SLURMCluster(cores=1, processes=1, memory="8GB", job_extra_directives=["--exclusive"],
                           worker_extra_args=["--resources qemu=1"])
    cluster.scale(jobs=50)
    study(space, ["smp"], store="tcg.sqlite", on=cluster)

To try it without other hosts: ``LocalCluster(n_workers=1, threads_per_worker=1)``. Its trials are this host's.

**What a host needs.** accelkit of the same version, and each QEMU under the same path with the same content; for ``kvm``
a ``/dev/kvm`` that may be opened. Before its first trial each host is examined. One that lacks something is left out: a
warning names it, says why and what to do, and the others go on. If all are left out, StudyError lists the reasons. Files
of guests (kernel, initrd, disk images) are found by their content, and sent to ``~/.cache/accelkit/guests`` where they are
missing; a script that ``command()`` names must be there. The study's own host prepares and calibrates, so it needs the
QEMUs, too. It need not measure.

**How trials are dealt out.** A block goes to one host as a whole, the next one when a host is free. A host runs one
trial at a time, however many workers and threads it has and however many studies use it: trials hold a lock of the host
(:mod:`accelkit.study.hosts.lock`). Of workers that declare the resource ``qemu`` only those are used, so that other work
of the cluster can stay away. Trials at the same time on one host would disturb each other; for them a cluster is no use.
Ratios are taken within a host, so that a fast host and a slow one can share a study. The report has a table of the
hosts and of each host's ratios. It warns where hosts differ in CPU, number of CPUs or kernel, and where the effect on one
host is another than on the next by more than the intervals allow.

**What may fail.** A worker that is killed, a host that hangs or is cut off (it says nothing for 60 s) gives its trials
back: another host measures them. If its record comes late all the same, the first one counts. A trial during which a
worker was lost three times is recorded as a failure. Workers may come and go while the study runs. If the scheduler ends,
the study waits two minutes for it to come back (for a client of yours: as long as that client tries), then says so; the
same call resumes. Each record is on the disk before it counts, those that arrived together in one transaction. Ctrl-C
cancels what is in flight; a trial that runs on a worker ends by itself, at the latest after its ``timeout``.

**What it costs.** On a cluster of one worker, in blocks of 8 trials that do nothing, a trial took 2.6 ms with its store
(2.2 to 3.8 in 7 rounds), an empty task of Dask 3.5 ms (3.1 to 4.6) on the same two busy CPUs: a block is one task, and
records are told as events. So the overhead is 0.7 times Dask's own (tests/bench/hosts.py).

On 1,000 simulated hosts, some of which are lost, whole studies of 18 configurations and whole tunings of 1,020 points
took, on one of two quiet CPUs (tests/bench/fleet.py; seconds, MiB):

    trials                   all  search  store  dispatch  racing  analysis  report  memory
    10,000, all measured     2.5       –    1.0       0.3       –       0.2     0.1      86
    30,000                   5.6       –    2.2       0.6       –       0.5     0.3     105
    100,000                 18.8       –    7.5       1.8       –       1.6     0.9     172
    100,000, raced          20.8       –    2.9       2.3    11.5       0.8     0.5     151
    10,000, tuned           10.0     6.6    1.1         –       –         –       –     152
    30,000                  26.2    15.4    3.1         –       –         –       –     171
    100,000                 74.9    37.0   10.4         –       –         –       –     241

All parts grow like the number of trials. The bottleneck of a study is the store: a sync for each batch of records, and a
checksum for each row, 0.08 ms of 0.19 ms a trial. With racing it is the search for losers, which reads all records; with
more than 10,000 of them it waits until there are 1% more, so that it, too, grows like their number. (Of the 100,000 trials
raced 36,219 were left to measure.) The bottleneck of a tuning is the choice of points, 0.37 ms of 0.75 ms a trial: the
surface is fitted to at most 400 points and 3,000 values, and rarely. So 10 million trials would take about half an hour
besides measuring, tuned two hours, and 10 GB of memory, most of it for the records in the analysis: divide such a study
into several stores.
"""
