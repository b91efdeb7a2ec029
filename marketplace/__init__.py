"""Cổng liên kết chuỗi giá trị: the value-chain linkage marketplace. Read app.py first."""
