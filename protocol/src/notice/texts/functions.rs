//! Functions of agents.

super::notices! {
    function_undescribed() = "Say what it does and when to call it; the model knows nothing else of it.";
    function_name_letters() = "Use letters without accents, digits, _ and - only.";
    function_name_built_in() = "This name belongs to the built-in function for handing over.";
    function_name_taken() = "Another function of this agent has this name.";
    too_many_functions(most) = "An agent can have {most} functions. Delete one first.";
    parameters_too_long(most) = "Use at most {most} bytes.";
    parameters_not_json(why) = "This is not JSON: {why}.";
    parameters_not_of_object() = "It must be a JSON Schema with \"type\": \"object\".";
    parameters_no_schema(why) = "This is not a JSON Schema: {why}.";
    place_in_host() = "Arguments can stand in the path and the query only, not in the host's name or before it.";
    no_http_address() = "Write an http or https address, for example https://api.example.com/orders/{{number}}.";
    address_with_password() = "Put names and passwords into a header, not into the address.";
    address_with_fragment() = "Leave out # and what follows it; servers never see it.";
    place_malformed() = "Write places for arguments as {{name}}, with letters, digits, _ and - only, and other braces as %7B and %7D.";
    undescribed_place(place) = "{{{place}}} is not among the parameters. Describe it there, or mend its name.";
    /// `why` is one of the three that follow.
    address_not_called(why) = "This server does not call it: {why}. Whoever runs the server can allow the host with CAVUER_FUNCTION_HOSTS.";
    scheme_not_called(scheme) = "only http and https addresses can be called, not {scheme}:";
    host_missing() = "the address names no host";
    host_not_public(host) = "{host} is not a public address, and this server does not call private ones";
    too_many_headers(most) = "Use at most {most} headers.";
    header_name_malformed() = "Write a header's name, for example Authorization.";
    header_of_server() = "This header is the server's own business.";
    header_twice() = "This header is there twice.";
    header_value_malformed(most) = "Write its value on one line, with at most {most} characters.";
    header_value_missing(name) = "Enter a value for the header {name}.";
    header_unreadable(name) = "The value of the header {name} cannot be read any more. Enter it again.";
    arguments_misfit(why) = "The arguments do not fit the function's schema: {why}.";
    arguments_no_object(why) = "Write one JSON object. {why}.";
}
