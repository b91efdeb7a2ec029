"""Tests of organisations: rules, policy, services and pages."""
