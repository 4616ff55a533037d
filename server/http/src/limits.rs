//! How often somebody may do something.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::Duration;

use cavuer_protocol::{ChannelId, Timestamp, UserId};
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use cavuer_base::clock::SharedClock;

/// One limit: so many at once, refilled evenly over a minute.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// How many may come at once after a pause.
    pub burst: u32,
    /// How many may come per minute in the long run.
    pub per_minute: u32,
}

/// Every limit with its numbers.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Messages of one visitor.
    pub visitor_messages: Rate,
    /// Messages from one network address: several people may share it.
    pub address_messages: Rate,
    /// Messages in one channel.
    pub channel_messages: Rate,
    /// Uploads of one visitor.
    pub visitor_uploads: Rate,
    /// Uploads from one network address.
    pub address_uploads: Rate,
    /// Uploads in one channel.
    pub channel_uploads: Rate,
    /// Other visitor calls (config, sessions, streams, older pages) from one address.
    pub address_calls: Rate,
    /// Sign-in and sign-up attempts from one address.
    pub address_sign_ins: Rate,
    /// Sign-in attempts for one account.
    pub account_sign_ins: Rate,
    /// Questions of one person in the playground.
    pub playground_questions: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            visitor_messages: Rate { burst: 10, per_minute: 30 },
            address_messages: Rate { burst: 40, per_minute: 120 },
            channel_messages: Rate { burst: 600, per_minute: 3_000 },
            visitor_uploads: Rate { burst: 10, per_minute: 10 },
            address_uploads: Rate { burst: 20, per_minute: 20 },
            channel_uploads: Rate { burst: 60, per_minute: 120 },
            address_calls: Rate { burst: 120, per_minute: 600 },
            address_sign_ins: Rate { burst: 20, per_minute: 20 },
            account_sign_ins: Rate { burst: 8, per_minute: 4 },
            playground_questions: Rate { burst: 10, per_minute: 20 },
        }
    }
}

impl Rates {
    /// Practically none; for measurements.
    pub fn unlimited() -> Self {
        let rate = Rate { burst: 100_000_000, per_minute: 100_000_000 };
        Self {
            visitor_messages: rate,
            address_messages: rate,
            channel_messages: rate,
            visitor_uploads: rate,
            address_uploads: rate,
            channel_uploads: rate,
            address_calls: rate,
            address_sign_ins: rate,
            account_sign_ins: rate,
            playground_questions: rate,
        }
    }
}

/// What a limit counts. Only a hash of it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CountedAction<'a> {
    VisitorMessage(ChannelId, &'a str),
    AddressMessage(IpAddr),
    ChannelMessage(ChannelId),
    VisitorUpload(ChannelId, &'a str),
    AddressUpload(IpAddr),
    ChannelUpload(ChannelId),
    AddressCall(IpAddr),
    AddressSignIn(IpAddr),
    AccountSignIn(&'a str),
    PlaygroundQuestion(UserId),
}

/// The limits' counters.
pub struct Limits {
    rates: Rates,
    limiters: Mutex<HashMap<LimitKind, Limiter>>,
    clock: LimitClock,
}

type Limiter = std::sync::Arc<
    RateLimiter<u64, DefaultKeyedStateStore<u64>, LimitClock, NoOpMiddleware<Nanos>>,
>;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum LimitKind {
    VisitorMessages,
    AddressMessages,
    ChannelMessages,
    VisitorUploads,
    AddressUploads,
    ChannelUploads,
    AddressCalls,
    AddressSignIns,
    AccountSignIns,
    PlaygroundQuestions,
}

impl Limits {
    /// Counters at zero.
    pub fn new(rates: Rates, clock: SharedClock) -> Self {
        Self { rates, limiters: Mutex::default(), clock: LimitClock(clock) }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// The time to wait, when there were too many.
    pub(crate) fn count(&self, counted: CountedAction<'_>) -> Result<(), Duration> {
        let (kind, rate) = self.kind(counted);
        let mut hasher = DefaultHasher::new();
        grouped(counted).hash(&mut hasher);
        self.limiter(kind, rate)
            .check_key(&hasher.finish())
            .map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// Forgets those who have been quiet for long enough to start afresh.
    pub fn sweep(&self) {
        let limiters = self.lock().values().cloned().collect::<Vec<_>>();
        for limiter in limiters {
            limiter.retain_recent();
        }
    }

    fn kind(&self, counted: CountedAction<'_>) -> (LimitKind, Rate) {
        let rates = &self.rates;
        match counted {
            CountedAction::VisitorMessage(..) => {
                (LimitKind::VisitorMessages, rates.visitor_messages)
            }
            CountedAction::AddressMessage(_) => {
                (LimitKind::AddressMessages, rates.address_messages)
            }
            CountedAction::ChannelMessage(_) => {
                (LimitKind::ChannelMessages, rates.channel_messages)
            }
            CountedAction::VisitorUpload(..) => (LimitKind::VisitorUploads, rates.visitor_uploads),
            CountedAction::AddressUpload(_) => (LimitKind::AddressUploads, rates.address_uploads),
            CountedAction::ChannelUpload(_) => (LimitKind::ChannelUploads, rates.channel_uploads),
            CountedAction::AddressCall(_) => (LimitKind::AddressCalls, rates.address_calls),
            CountedAction::AddressSignIn(_) => (LimitKind::AddressSignIns, rates.address_sign_ins),
            CountedAction::AccountSignIn(_) => (LimitKind::AccountSignIns, rates.account_sign_ins),
            CountedAction::PlaygroundQuestion(_) => {
                (LimitKind::PlaygroundQuestions, rates.playground_questions)
            }
        }
    }

    fn limiter(&self, kind: LimitKind, rate: Rate) -> Limiter {
        let mut limiters = self.lock();
        let limiter = limiters.entry(kind).or_insert_with(|| {
            let per_minute = NonZeroU32::new(rate.per_minute).unwrap_or(NonZeroU32::MIN);
            let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::per_minute(per_minute).allow_burst(burst);
            std::sync::Arc::new(RateLimiter::new(
                quota,
                DefaultKeyedStateStore::default(),
                self.clock.clone(),
            ))
        });
        std::sync::Arc::clone(limiter)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<LimitKind, Limiter>> {
        self.limiters.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// An IPv6 customer has a whole /64, so single addresses in it count as one.
fn grouped(counted: CountedAction<'_>) -> CountedAction<'_> {
    let group = |address: IpAddr| match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        v4 => v4,
    };
    match counted {
        CountedAction::AddressMessage(address) => CountedAction::AddressMessage(group(address)),
        CountedAction::AddressUpload(address) => CountedAction::AddressUpload(group(address)),
        CountedAction::AddressCall(address) => CountedAction::AddressCall(group(address)),
        CountedAction::AddressSignIn(address) => CountedAction::AddressSignIn(group(address)),
        other => other,
    }
}

/// Our clock as governor's.
#[derive(Clone)]
struct LimitClock(SharedClock);

impl GovernorClock for LimitClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let Timestamp(millis) = self.0.now();
        Nanos::new(millis.max(0).unsigned_abs().saturating_mul(1_000_000))
    }
}
