//! What is wrong with something that was typed, whatever it is.

super::notices! {
    empty() = "It must not be empty.";
    not_one_line() = "Write it on one line, without tabs or control characters.";
    too_many_chars(most, chars) = "Use at most {most} characters; these are {chars}.";
    no_email_address() = "Write an e-mail address, for example anna@example.com.";
    email_too_long(most) = "It is longer than {most} bytes.";
    password_length(least, most, chars) = "Use {least} to {most} characters; these are {chars}.";
    number_out_of_range(least, most, number) = "Use a number from {least} to {most}, not {number}.";
    no_color() = "Write a colour as # and six hex digits, for example #4f46e5.";
}
