use super::texts;

texts! {
    /// Words that more than one page uses.
    Common {
        save: "Save",
        cancel: "Cancel",
        close: "Close",
        discard: "Discard",
        delete: "Delete",
        retry: "Retry",
        copy: "Copy",
        copied: "Copied",
        copy_failed: "Select and copy by hand",
        create: "Create",
        add: "Add",
        loading: "Loading",
        name: "Name",
        above: "Above",
        saved: "Saved",
        unsaved: "Changed: {fields}",
        unsaved_region: "Unsaved changes",
        mend_fields: "Some fields need mending. They are marked.",
        leave_title: "Leave without saving?",
        leave_body: "Your changes on this page are not saved yet and would be lost.",
        leave: "Leave",
        stay: "Stay",
        failed_title: "This could not be loaded",
        unreachable: "The server cannot be reached. Check your connection and try again.",
        garbled: "The server's answer could not be read. Reload the page and try again.",
        rate_limited: "Too many attempts. Try again in {time}.",
        not_found: "Not found",
        not_found_title: "Nothing is here",
        not_found_body: "It was deleted, belongs to another workspace, or the address is mistyped.",
        go_home: "Go to Home",
        name_missing: "Enter a name.",
        too_long: "At most {count} characters.",
        number_range: "Enter a whole number from {min} to {max}.",
    }
}

texts! {
    /// Moments and durations.
    Time {
        just_now: "just now",
        minutes_ago: "{count} min ago",
        hours_ago: "{count} h ago",
        days_ago: "{count} d ago",
        today: "Today",
        one_second: "a second",
        seconds: "{count} seconds",
        minutes: "{count} minutes",
        ms: "ms",
        s: "s",
    }
}

texts! {
    /// How numbers are written.
    Numbers {
        thousands_apart: ",",
        point: ".",
        thousand: "k",
        million: "M",
        bytes: "B",
        kilobytes: "KB",
        megabytes: "MB",
    }
}
