"""Speaks to warehouses: values in, values out. No Flask, no tables, no foreign exception leaves."""
