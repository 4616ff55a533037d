use cavuer_protocol::console::{ChannelFunction, Function, FunctionCall};
use cavuer_store::{CallRecord, FunctionInChannel, StoredFunction};

/// A function, without the values of its headers.
pub fn function(stored: StoredFunction) -> Function {
    Function {
        id: stored.id,
        name: stored.name,
        description: stored.description,
        parameters: stored.parameters,
        method: stored.method,
        address: stored.address,
        headers: stored.headers.into_iter().map(|(name, _)| name).collect(),
        timeout_seconds: stored.timeout_seconds,
        enabled: stored.enabled,
    }
}

/// A function as a channel sees it.
pub fn channel_function(stored: FunctionInChannel) -> ChannelFunction {
    let FunctionInChannel { id, name, allowed } = stored;
    ChannelFunction { id, name, allowed }
}

/// A call of a function.
pub fn function_call(stored: CallRecord) -> FunctionCall {
    let CallRecord { id, name, arguments, state, result, after, began_at, ended_at } = stored;
    FunctionCall { id, name, arguments, state, result, after, began_at, ended_at }
}
