use crate::text::{
    Texts, account, agents, channel, chats, common, embeddings, functions, knowledge, playground,
    providers, shell,
};

/// The texts as their groups declare them.
pub const TEXTS: Texts = Texts {
    common: common::Common::ENGLISH,
    time: common::Time::ENGLISH,
    numbers: common::Numbers::ENGLISH,
    account: account::Account::ENGLISH,
    shell: shell::Shell::ENGLISH,
    agents: agents::Agents::ENGLISH,
    channel: channel::Channel::ENGLISH,
    functions: functions::Functions::ENGLISH,
    knowledge: knowledge::Knowledge::ENGLISH,
    embeddings: embeddings::Embeddings::ENGLISH,
    chats: chats::Chats::ENGLISH,
    playground: playground::Playground::ENGLISH,
    providers: providers::Providers::ENGLISH,
    // The server says what it says in English.
    notices: &[],
};
