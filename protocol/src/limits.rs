//! Bounds that both sides know, so that a client can say no before the server has to.

/// Longest message of a visitor or an operator, in characters (Unicode scalar values).
pub const MESSAGE_CHARS: usize = 4_000;
/// Largest attachment, in bytes.
pub const ATTACHMENT_BYTES: usize = 10 * 1024 * 1024;
/// Most attachments of one message.
pub const MESSAGE_ATTACHMENTS: usize = 5;
/// Longest voice message, in seconds.
pub const VOICE_SECONDS: u32 = 120;
/// Largest voice message, in bytes: two minutes of what browsers record, with room to spare.
pub const VOICE_BYTES: usize = 4 * 1024 * 1024;
/// Longest `data-user-id`, in bytes of UTF-8.
pub const USER_ID_BYTES: usize = 512;
/// Longest name of an agent, a channel, a workspace or a person, in characters.
pub const NAME_CHARS: usize = 100;
/// Longest title of an article, in characters. It cannot be changed later.
pub const ARTICLE_TITLE_CHARS: usize = 255;
/// Largest article, typed or uploaded, in bytes.
pub const ARTICLE_BYTES: usize = 10 * 1024 * 1024;
/// Longest instruction of an agent, in characters.
pub const INSTRUCTION_CHARS: usize = 20_000;
/// Longest response delay, in seconds.
pub const RESPONSE_DELAY_SECONDS: u32 = 180;
/// Longest time in which messages that keep coming may move an answer back, in seconds.
pub const LONGEST_DELAY_SECONDS: u32 = 900;
/// Longest history that a model may be shown, in messages.
pub const HISTORY_MESSAGES: u32 = 100;
/// Longest retention of conversations, in days; 0 stands for ever.
pub const RETENTION_DAYS: u32 = 3_650;
/// Longest conversation that the playground goes on with, in characters.
pub const PLAYGROUND_HISTORY_CHARS: usize = 200_000;
/// Highest daily limit of answers or tokens.
pub const DAILY_LIMIT: u32 = 1_000_000_000;
/// Days over which an agent's usage is added up.
pub const USAGE_DAYS: i64 = 30;
/// Most passages that one answer may be given.
pub const MAX_PASSAGES: u32 = 20;
/// Longest excerpt of a passage that an answer is from, in characters.
pub const EXCERPT_CHARS: usize = 300;
/// Longest greeting of a channel, in characters.
pub const GREETING_CHARS: usize = 500;
/// Most allowed domains of one channel.
pub const ALLOWED_DOMAINS: usize = 100;
/// Shortest password, in characters.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Longest password, in characters; a bound on the work of hashing it.
pub const PASSWORD_MAX_CHARS: usize = 200;
/// Messages in a snapshot and in one older page.
pub const PAGE_MESSAGES: usize = 50;
/// Most model providers of one workspace.
pub const PROVIDERS: usize = 50;
/// Most models of one provider that agents are offered.
pub const PROVIDER_MODELS: usize = 200;
/// Longest name that a provider has for a model, in bytes.
pub const MODEL_NAME_BYTES: usize = 150;
/// Longest key of a provider, in bytes.
pub const API_KEY_BYTES: usize = 2_000;
/// Longest address of a provider, in bytes.
pub const BASE_URL_BYTES: usize = 500;
/// Shortest and longest time, in seconds, in which a person has to take over.
pub const HAND_OVER_WAIT_SECONDS: std::ops::RangeInclusive<u32> = 30..=3_600;
/// Most stretches of business hours in one week.
pub const OPEN_HOURS: usize = 50;
/// Longest reason for a hand-over, in characters.
pub const HAND_OVER_REASON_CHARS: usize = 500;
/// Most functions of one agent.
pub const FUNCTIONS: usize = 32;
/// Longest name of a function, in characters; providers take no longer one.
pub const FUNCTION_NAME_CHARS: usize = 64;
/// Longest description of a function, in characters.
pub const FUNCTION_DESCRIPTION_CHARS: usize = 1_000;
/// Longest schema of a function's arguments, in bytes.
pub const FUNCTION_PARAMETERS_BYTES: usize = 16 * 1024;
/// Longest address of a function, in characters.
pub const FUNCTION_ADDRESS_CHARS: usize = 2_000;
/// Most headers of a function.
pub const FUNCTION_HEADERS: usize = 20;
/// Longest value of a header, in characters.
pub const FUNCTION_HEADER_CHARS: usize = 4_000;
/// Shortest and longest time in which a function has to answer, in seconds.
pub const FUNCTION_TIMEOUT_SECONDS: std::ops::RangeInclusive<u32> = 1..=60;
/// Of a function's answer a model is told so much, in bytes.
pub const FUNCTION_RESULT_BYTES: usize = 16 * 1024;
