"""The search for the best of many points, by asking and telling: :mod:`accelkit.tuning.search.search` first. Pure.

Nothing here knows QEMU, stores or hosts: points are numbers, and what is told of them are costs.
"""
