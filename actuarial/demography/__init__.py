"""Life tables, cohort-component population and migration flows by corridor."""
