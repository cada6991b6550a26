-- link_wide: how many pages and sites turned up on more than one platform.
-- grain:  one row per what
-- reads:  link_place(what, object)

SELECT
  what,
  COUNT(DISTINCT object) AS n_objects
FROM link_place
GROUP BY what
ORDER BY what
