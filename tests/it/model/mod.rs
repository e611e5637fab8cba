//! Random calls against a model: the contract once more, as a pure function in Rust that shares nothing
//! with the module. After each call of a random sequence the reply and the whole keyspace must be what
//! the model says.
//!
//! - `keyspace.rs`: the state of the model, and what conditions and times mean.
//! - `cas.rs`: the calls of `CAS.*`: how they are written, how they are drawn, what they do.
//! - `condition.rs`: their conditions.
//! - `native.rs`: the same of `SET … IF*`, `DELEX`, `DELIFEQ`, `DIGEST`.
//! - `given.rs`: brings keys into states.
//! - `data.rs`: the small alphabet they are all made of, so that conditions often hold.
//! - `player.rs`: plays sequences on a server and compares.
//!
//! The sequences are the same in each run. `IT_SEED=<number>` draws others; a failure names its seed,
//! and the shortest sequence that fails.

mod cas;
mod condition;
mod data;
mod given;
mod keyspace;
mod native;
mod player;

/// What a call of the model is.
trait Call: std::fmt::Debug + Clone {
    /// The words as they are sent. `keyspace` is the state before.
    fn words(&self, keyspace: &keyspace::Keyspace) -> Vec<Vec<u8>>;

    /// What it does to the model, and its reply. `None`: the contract says nothing of this call on this
    /// server, and it is not sent.
    fn run(&self, keyspace: &mut keyspace::Keyspace) -> Option<keyspace::Reply>;
}

#[test]
fn the_commands_of_cas_do_what_the_model_does() {
    player::play(1000, cas::call());
}

#[test]
fn the_native_names_do_what_the_model_does() {
    player::play(1000, native::call());
}
