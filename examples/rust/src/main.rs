//! What people come to redis-atomic for, with redis-rs.
//! `REDIS_URL` names the server; without it, the one on this machine.

use redis::{Connection, RedisResult, TypedCommands, cmd};

fn main() -> RedisResult<()> {
    let url = std::env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".into());
    let mut connection = redis::Client::open(url)?.get_connection()?;
    replace(&mut connection)?;
    update_by_digest(&mut connection)?;
    work_under_a_lock(&mut connection)
}

fn replace(connection: &mut Connection) -> RedisResult<()> {
    let before = [("name", "Ada"), ("email", "ada@example.com")];
    connection.hset_multiple("example:user", &before)?;
    cmd("ATOMIC.REPLACEHASH")
        .arg("example:user")
        .arg(&[("name", "Grace"), ("role", "admin")])
        .exec(connection)?;
    let user = connection.hgetall("example:user")?;
    let mut pairs: Vec<String> = user.iter().map(|(f, v)| format!("{f}={v}")).collect();
    pairs.sort();
    println!("user is now {}", pairs.join(" "));

    connection.sadd("example:allow", &["10.0.0.1", "10.0.0.9"])?;
    cmd("ATOMIC.REPLACESET")
        .arg("example:allow")
        .arg(&["10.0.0.1", "10.0.0.2"])
        .exec(connection)?;
    let mut allow: Vec<String> = connection.smembers("example:allow")?.into_iter().collect();
    allow.sort();
    println!("allow is now {}", allow.join(" "));
    Ok(())
}

/// Changes a string, and tries again for as long as somebody else is faster.
fn update(
    connection: &mut Connection,
    key: &str,
    change: impl Fn(&mut Connection, &str) -> RedisResult<String>,
) -> RedisResult<(String, u32)> {
    let mut tries = 0;
    loop {
        tries += 1;
        let (digest, value): (String, String) = cmd("CAS.GET").arg(key).query(connection)?;
        let changed = change(connection, &value)?;
        let mut set = cmd("CAS.SET");
        set.arg(key).arg("IFDEQ").arg(digest).arg(&changed);
        if set.query(connection)? {
            return Ok((changed, tries));
        }
    }
}

fn update_by_digest(connection: &mut Connection) -> RedisResult<()> {
    let key = "example:document";
    connection.set(key, "draft")?;
    let (text, tries) = update(connection, key, |connection, text| {
        if text == "draft" {
            connection.append(key, ", reviewed")?; // somebody else is faster, this once
        }
        Ok(format!("{text}, signed"))
    })?;
    println!("document after {tries} tries: {text}");
    Ok(())
}

const LOCK: &str = "example:{report}:lock";
const FENCE: &str = "example:{report}:fence";
const REPORT: &str = "example:{report}";

/// The fencing token; 0 after a second of waiting.
fn acquire(connection: &mut Connection, token: &str, milliseconds: u32) -> RedisResult<u64> {
    cmd("LOCK.ACQUIRE")
        .arg((LOCK, token, "PX", milliseconds))
        .arg(("BLOCK", 1000, "FENCE", FENCE))
        .query(connection)
}

/// Writes the report, unless it was written under a later fence.
fn write(connection: &mut Connection, fence: u64, text: &str) -> RedisResult<&'static str> {
    let written: bool = cmd("CAS.HSET")
        .arg((REPORT, "fence", "IFLT", fence))
        .arg(("FIELDS", 2, "fence", fence, "text", text))
        .query(connection)?;
    Ok(if written { "accepted" } else { "refused" })
}

fn release(connection: &mut Connection, token: &str) -> RedisResult<&'static str> {
    let released = cmd("LOCK.RELEASE").arg((LOCK, token)).query(connection)?;
    Ok(if released {
        "done"
    } else {
        "no longer its own"
    })
}

fn work_under_a_lock(connection: &mut Connection) -> RedisResult<()> {
    // In your program: unlike all other tokens there ever were, a UUID for example.
    let (a, b) = ("token of A", "token of B");
    connection.del(&[LOCK, FENCE, REPORT])?;
    let fence_a = acquire(connection, a, 100)?;
    println!("A holds the lock, fence {fence_a}");
    let fence_b = acquire(connection, b, 30_000)?;
    println!("A stalls until its lock expires; B waited and holds it, fence {fence_b}");
    let written = write(connection, fence_b, "by B")?;
    println!("B writes under fence {fence_b}: {written}");
    let written = write(connection, fence_a, "by A")?;
    println!("A writes under fence {fence_a}: {written}");
    println!("A releases the lock: {}", release(connection, a)?);
    println!("B releases the lock: {}", release(connection, b)?);
    let report = connection.hget(REPORT, "text")?;
    println!("report: {}", report.unwrap_or_default());
    Ok(())
}
