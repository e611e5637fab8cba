use proptest::prelude::*;

use super::*;

#[test]
fn the_first_to_come_is_the_first_to_go() {
    let mut waiters = Waiters::default();
    for (id, key) in [(3, "a"), (1, "b"), (2, "a")] {
        waiters.join(0, key.as_bytes(), id, None, key);
    }
    assert_eq!(waiters.take_first(&place(0, "a")), Some((3, "a")));
    assert_eq!(waiters.take_first(&place(0, "a")), Some((2, "a")));
    assert_eq!(waiters.take_first(&place(0, "a")), None);
    assert_eq!(waiters.take_first(&place(1, "b")), None);
    assert_eq!(waiters.leave(1), Some("b"));
    assert_eq!(waiters.len(), 0);
}

#[test]
fn the_next_thing_to_do_is_the_earliest_look_or_end() {
    let mut waiters = Waiters::default();
    assert_eq!(waiters.next(), None);
    waiters.join(0, b"a", 1, Some(50), ());
    assert_eq!(waiters.next(), Some(50));
    waiters.look(0, b"a", 40);
    waiters.look(0, b"a", 45);
    waiters.look(0, b"nobody", 1);
    assert_eq!(waiters.next(), Some(40));
    assert_eq!(waiters.take_look(39), None);
    assert_eq!(waiters.take_look(40), Some(place(0, "a")));
    assert_eq!(waiters.take_look(40), None);
    assert_eq!(waiters.take_ended(49), None);
    assert_eq!(waiters.take_ended(50), Some((1, ())));
    assert_eq!(waiters.next(), None);
}

#[test]
fn a_key_that_was_looked_at_waits_for_its_next_time() {
    let mut waiters = Waiters::default();
    waiters.join(0, b"a", 1, None, ());
    waiters.look(0, b"a", 0);
    waiters.looked(&place(0, "a"), Some(70));
    assert_eq!(waiters.next(), Some(70));
    waiters.look_at_all(Some(1), 0);
    assert_eq!(waiters.next(), Some(70));
    waiters.look_at_all(None, 0);
    assert_eq!(waiters.next(), Some(0));
}

#[test]
fn when_all_have_left_nothing_is_kept_for_them() {
    let mut waiters = Waiters::default();
    for id in 0..1000 {
        let key = id.to_string();
        waiters.join(id % 3, key.as_bytes(), id, Some(7), ());
        waiters.look(id % 3, key.as_bytes(), 7);
    }
    for id in 0..1000 {
        waiters.leave(id);
    }
    assert_eq!(waiters.next(), None);
    assert_eq!(waiters.all.capacity(), 0);
    assert_eq!(waiters.queues.capacity(), 0);
}

fn place(db: i32, key: &str) -> Place {
    let key = key.as_bytes().into();
    Place { db, key }
}

/// The same, as a list of all who wait in the order in which they came, and of looks.
#[derive(Default)]
struct Model {
    all: Vec<(Place, u8, Option<i64>, bool)>,
    looks: HashMap<(i32, Vec<u8>), i64>,
}

impl Model {
    fn waits(&self, place: &Place) -> bool {
        self.all.iter().any(|(at, ..)| at == place)
    }

    fn take(&mut self, index: Option<usize>) -> Option<(u8, bool)> {
        let (place, id, _, brought) = self.all.remove(index?);
        if !self.waits(&place) {
            self.looks.remove(&name(&place));
        }
        Some((id, brought))
    }

    fn look(&mut self, place: &Place, at: i64) {
        if self.waits(place) {
            let look = self.looks.entry(name(place)).or_insert(at);
            *look = at.min(*look);
        }
    }

    fn next(&self) -> Option<i64> {
        let ends = self.all.iter().filter_map(|(_, _, end, _)| *end);
        ends.chain(self.looks.values().copied()).min()
    }
}

fn name(place: &Place) -> (i32, Vec<u8>) {
    (place.db, place.key.to_vec())
}

#[derive(Debug, Clone)]
enum Step {
    Join(u8, Option<i64>, bool),
    Leave(u8),
    TakeFirst,
    TakeWhere,
    TakeEnded(i64),
    Look(i64),
    Looked(Option<i64>),
    LookAtAll(bool, i64),
    TakeLook(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let time = 0..50_i64;
    prop_oneof![
        4 => (0..20_u8, prop::option::of(0..50_i64), any::<bool>())
            .prop_map(|(id, end, brought)| Step::Join(id, end, brought)),
        2 => (0..20_u8).prop_map(Step::Leave),
        2 => Just(Step::TakeFirst),
        1 => Just(Step::TakeWhere),
        1 => time.clone().prop_map(Step::TakeEnded),
        2 => time.clone().prop_map(Step::Look),
        1 => prop::option::of(time.clone()).prop_map(Step::Looked),
        1 => (any::<bool>(), time.clone()).prop_map(|(all, at)| Step::LookAtAll(all, at)),
        1 => time.prop_map(Step::TakeLook),
    ]
}

proptest! {
    #[test]
    fn they_are_as_a_plain_list_of_them_would_be(
        steps in prop::collection::vec((step(), 0..2, 0..3_usize), 0..120)
    ) {
        let mut waiters = Waiters::default();
        let mut model = Model::default();
        for (step, db, key) in steps {
            let at = place(db, ["a", "b", ""][key]);
            match step {
                Step::Join(id, end, brought) => {
                    if model.all.iter().all(|(_, there, ..)| *there != id) {
                        waiters.join(at.db, &at.key, id, end, brought);
                        model.all.push((at.clone(), id, end, brought));
                    }
                }
                Step::Leave(id) => {
                    let index = model.all.iter().position(|(_, there, ..)| *there == id);
                    prop_assert_eq!(waiters.leave(id), model.take(index).map(|(_, b)| b));
                }
                Step::TakeFirst => {
                    let index = model.all.iter().position(|(there, ..)| *there == at);
                    prop_assert_eq!(waiters.take_first(&at), model.take(index));
                }
                Step::TakeWhere => {
                    let mut taken = Vec::new();
                    while let Some(index) =
                        model.all.iter().position(|(there, _, _, b)| *there == at && *b)
                    {
                        taken.extend(model.take(Some(index)));
                    }
                    prop_assert_eq!(waiters.take_where(&at, |b| *b), taken);
                }
                Step::TakeEnded(now) => {
                    let ends = model.all.iter().enumerate();
                    let ends = ends.filter_map(|(i, (_, id, end, _))| Some(((*end)?, *id, i)));
                    let first = ends.min().filter(|(end, ..)| *end <= now);
                    let taken = model.take(first.map(|(_, _, index)| index));
                    prop_assert_eq!(waiters.take_ended(now), taken);
                }
                Step::Look(time) => {
                    waiters.look(at.db, &at.key, time);
                    model.look(&at, time);
                }
                Step::Looked(next) => {
                    waiters.looked(&at, next);
                    model.looks.remove(&name(&at));
                    if let Some(time) = next {
                        model.look(&at, time);
                    }
                }
                Step::LookAtAll(all, time) => {
                    waiters.look_at_all((!all).then_some(db), time);
                    let places: Vec<Place> = model.all.iter().map(|(at, ..)| at.clone()).collect();
                    let places = places.iter().filter(|at| all || at.db == db);
                    places.for_each(|at| model.look(at, time));
                }
                Step::TakeLook(now) => {
                    let looks = model.looks.iter().map(|(name, time)| (*time, name.clone()));
                    let due = looks.min().filter(|(time, _)| *time <= now).map(|(_, name)| name);
                    let taken = waiters.take_look(now).map(|place| name(&place));
                    prop_assert_eq!(&taken, &due);
                    due.map(|name| model.looks.remove(&name));
                }
            }
            prop_assert_eq!(waiters.len(), model.all.len());
            prop_assert_eq!(waiters.next(), model.next());
            let there = model.all.iter().filter(|(there, ..)| *there == at).count();
            prop_assert_eq!(waiters.count(at.db, &at.key), there);
        }
    }
}
