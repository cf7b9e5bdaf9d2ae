"""结果报送: the results of a year's inspections are handed to target management and to the appraisal of integrity (JD-06b)."""
