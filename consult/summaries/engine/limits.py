"""From how many people and votes on there are opinion groups, and what is told of them."""

# Somebody counts with so many votes, or with one on every statement where there are fewer.
VOTES_TO_COUNT = 7
# Polis, too, takes no fewer people to form groups.
FEWEST_PEOPLE = 15
# Two axes through fewer statements would only repeat the votes.
FEWEST_STATEMENTS = 3
# Mean adjusted Rand index of the resamples, under which groups are not shown.
STABLE = 0.7
# Of a group with fewer people nothing is told.
FEWEST_SHOWN = 5
