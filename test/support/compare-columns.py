"""Compares rows of a CSV file with those of typed files: compare-columns.py <csv> <reader> <path> ...

Prints as JSON the number of rows, and up to ten differences of each file.
"""
import csv
import json
import subprocess
import sys
from pathlib import Path

csv_path, *words = sys.argv[1:]
with open(csv_path, newline="") as file:
    texts = list(csv.DictReader(file))
reader = Path(__file__).with_name("read-columns.py")
files = json.loads(subprocess.run([sys.executable, str(reader), *words], check=True, capture_output=True).stdout)


def same(text, value):
    if text == "" or value is None:
        return text == "" and value in (None, "")
    if isinstance(value, bool):
        return text == ("1" if value else "0")
    if isinstance(value, (int, float)):
        # CSV has 12 significant digits.
        return float(text) == value or float(text) == float(f"{value:.12g}")
    if text == value:
        return True
    # A time: seconds with nine decimals against nanoseconds.
    return text.count(".") == 1 and text.replace(".", "").lstrip("0") == value


answer = []
for rows in files:
    differences = []
    if rows and list(rows[0]) != list(texts[0]):
        differences.append([list(rows[0]), list(texts[0])])
    for number, (one, other) in enumerate(zip(texts, rows)):
        for name, text in one.items():
            if not same(text, other[name]) and len(differences) < 10:
                differences.append([number, name, text, other[name]])
    answer.append({"rows": len(rows), "differences": differences})
print(json.dumps({"rows": len(texts), "files": answer}))
