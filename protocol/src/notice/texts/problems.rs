//! Why a request was not served.

super::notices! {
    widget_unavailable() = "The chat is not available on this page.";
    session_invalid() = "The session is missing, has expired or belongs to another page. Open a new one.";
    identity_invalid() = "data-user-hash does not prove data-user-id. It must be the hex HMAC-SHA256 of exactly that id, made on the site's server with this channel's secret key.";
    identification_required() = "This channel only takes messages from identified users. The page has to pass data-user-id and data-user-hash.";
    sign_in_required() = "Sign in to go on.";
    credentials_invalid() = "The e-mail address or the password is wrong.";
    sign_up_closed() = "This server does not accept new accounts. Ask its administrator for one.";
    email_taken() = "There is an account with this e-mail address already. Sign in instead.";
    origin_refused() = "The request came from another site than the console.";
    no_such_agent() = "There is no such agent.";
    no_such_article() = "There is no such article.";
    no_such_attachment() = "There is no such attachment.";
    no_such_channel() = "There is no such channel.";
    no_such_conversation() = "There is no such conversation.";
    no_such_function() = "There is no such function.";
    no_such_page() = "There is no such page.";
    no_such_provider() = "There is no such provider.";
    no_such_workspace() = "There is no such workspace.";
    rate_limited(seconds) = "Too many requests. Try again in {seconds} s.";
    store_unavailable() = "The server cannot store anything at the moment. Nothing was changed; try again.";
    stopping() = "The server is shutting down. Try again in a moment.";
    internal() = "Something went wrong on the server. The log has it under this request's id.";
    /// Without a line in the log.
    server_fault() = "Something went wrong on the server.";
    method_not_allowed() = "This address does not take that method.";
    request_refused() = "The request was refused.";
    not_json() = "Send the body as JSON, with the header content-type: application/json.";
    body_too_large() = "The request's body is too large.";
    body_unreadable(why) = "The body cannot be read: {why}.";
    address_unreadable(why) = "The address cannot be read: {why}.";
}
