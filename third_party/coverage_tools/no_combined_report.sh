#!/bin/sh
# --combined_report is not supported: read the coverage.dat of each test.
exit 0
