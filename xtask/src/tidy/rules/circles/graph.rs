//! Who uses whom, and the circles in it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Links between numbered things, each with the first place where it is made.
pub(super) struct Graph<P> {
    links: BTreeMap<usize, BTreeMap<usize, P>>,
}

/// Things that all lead to each other.
pub(super) struct Circle<P> {
    pub members: BTreeSet<usize>,
    /// The shortest way from one of them back to itself.
    pub links: Vec<(usize, usize, P)>,
}

impl<P> Default for Graph<P> {
    fn default() -> Self {
        Self { links: BTreeMap::new() }
    }
}

impl<P: Clone> Graph<P> {
    /// `from` uses `to`. What uses itself is no circle.
    pub(super) fn add(&mut self, from: usize, to: usize, place: P) {
        if from != to {
            self.links.entry(from).or_default().entry(to).or_insert(place);
        }
    }

    /// All circles that have nothing in common.
    pub(super) fn circles(&self) -> Vec<Circle<P>> {
        let mut told = BTreeSet::new();
        let mut circles = Vec::new();
        for start in self.links.keys().copied() {
            if told.contains(&start) {
                continue;
            }
            let ahead = self.reached_from(start);
            if !ahead.contains(&start) {
                continue;
            }
            let members: BTreeSet<_> =
                ahead.into_iter().filter(|one| self.reached_from(*one).contains(&start)).collect();
            told.extend(members.iter().copied());
            let ways = members.iter().filter_map(|member| self.way_back(*member));
            let links = ways.min_by_key(Vec::len).expect("a circle leads back");
            circles.push(Circle { members, links });
        }
        circles
    }

    fn next(&self, from: usize) -> impl Iterator<Item = (usize, &P)> {
        self.links.get(&from).into_iter().flatten().map(|(to, place)| (*to, place))
    }

    fn reached_from(&self, start: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = vec![start];
        while let Some(one) = open.pop() {
            open.extend(self.next(one).map(|(to, _)| to).filter(|to| reached.insert(*to)));
        }
        reached
    }

    /// The shortest way from `start` to itself.
    fn way_back(&self, start: usize) -> Option<Vec<(usize, usize, P)>> {
        let mut came_from = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(one) = open.pop_front() {
            for (to, place) in self.next(one) {
                if came_from.contains_key(&to) {
                    continue;
                }
                came_from.insert(to, (one, place));
                open.push_back(to);
            }
        }
        let mut way = Vec::new();
        let mut at = start;
        loop {
            let (from, place) = came_from.get(&at)?;
            way.push((*from, at, (*place).clone()));
            at = *from;
            if at == start {
                way.reverse();
                return Some(way);
            }
        }
    }
}
