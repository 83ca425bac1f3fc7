#!/usr/bin/env python3
"""Writes scenarios.csv: random scenarios of the micro-multinationals model and what an independent script gives for them.

python3 explorer/model/tests/make_scenarios.py path/to/model_sanity.py > explorer/model/tests/scenarios.csv

The script is the reference implementation of the model's equations in plain Python, with its own table of parameters
beside it; it offers `load`, `central`, `compare`. Each line is one scenario: region, lever settings (E1 last),
parameters that differ from central, and year-10 results in the units of the model. Numbers have all their digits.
"""
import csv
import importlib.util
import random
import sys

REGIONS = ['US', 'CA', 'EU', 'KE']
# Column in the file, and the script's name for it.
RESULTS = [('exporters', None), ('extra_exporters', 'dX'), ('exporter_share', 'shX'), ('sme_export_gain', 'dVs'),
           ('net_exports', 'netV'), ('gross_domestic_jobs', 'gd'), ('gross_export_jobs', 'gx'),
           ('gross_own_account', 'gf'), ('gross_jobs', 'gross'), ('net_jobs', 'net'), ('spending', 'cost'),
           ('spent', 'C'), ('spent_discounted', 'CD'), ('sme_jobs', None), ('own_account', None),
           ('exports_total', None), ('exports_total_baseline', None), ('sme_jobs_baseline', None)]


def name(parameter):
    """The model's name for one of the script's parameters: the weights of the grades are an array there."""
    return 'w_' + parameter[1] if parameter in ('wA', 'wB', 'wC', 'wD') else parameter


def main():
    spec = importlib.util.spec_from_file_location('reference', sys.argv[1])
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    dice = random.Random(20)
    out = csv.writer(sys.stdout, lineterminator='\n')
    out.writerow(['region'] + reference.LEVERS + ['E1', 'parameters'] + [column for column, _ in RESULTS])
    for number in range(200):
        region = REGIONS[number % len(REGIONS)]
        ranges = reference.load(region)
        # Levers at random; some scenarios leave most at their status quo, some have levers at full strength.
        share = dice.choice([0.2, 0.5, 1.0])
        levers = {lever: round(min(1.0, dice.random() * 1.1), 3) if dice.random() < share else 0.0
                  for lever in reference.LEVERS + ['E1']}
        # A quarter has central parameters; the others have each parameter anywhere in its range, three times in ten.
        values = reference.central(ranges)
        changed = {}
        if number % 16 >= 4:
            for parameter, (_, low, high) in sorted(ranges.items()):
                if high > low and dice.random() < 0.3:
                    # Few digits keep the file small, and are read as the same number everywhere.
                    changed[parameter] = float('%.4g' % dice.uniform(low, high))
        values.update(changed)
        found = reference.compare(values, {lever: levers[lever] for lever in reference.LEVERS}, e1=levers['E1'])
        last, base = found['A'], found['B']
        found = dict(found, exporters=last['X'], sme_jobs=last['Jd'] + last['Jx'], own_account=last['F'],
                     exports_total=last['V'], exports_total_baseline=base['V'],
                     sme_jobs_baseline=base['Jd'] + base['Jx'])
        out.writerow([region.lower()] + [repr(levers[lever]) for lever in levers]
                     + [' '.join('%s=%r' % (name(parameter), value) for parameter, value in changed.items())]
                     + [repr(found[key or column]) for column, key in RESULTS])


main()
