//! Messages in conversations and what comes along with them.

super::notices! {
    message_empty() = "Write something; the message is empty.";
    message_too_long(chars, most) = "The message has {chars} characters; at most {most} can be sent at once.";
    too_many_attachments(most) = "Send at most {most} files with one message.";
    upload_gone() = "There is no such upload that waits to be sent. Upload the file again.";
    attachment_id_taken(id) = "Another file of this conversation has the id {id}. Choose another.";
    attachment_name_too_long() = "It is too long. Give the file a shorter name.";
    attachment_too_large() = "The file is larger than 10 MB. Send a smaller one.";
    attachment_kind() = "This kind of file cannot be sent. Send an image (PNG, JPEG, WebP, GIF), a PDF or a text file (.txt).";
    attachment_kind_not_here() = "This chat does not take files of this kind.";
    no_files_here() = "This chat does not take files.";
    upload_too_slow() = "The upload took too long. Nothing was stored; try again.";
    upload_broke_off() = "The upload broke off. Nothing was stored; try again.";
    voice_too_long() = "The voice message is too long. Record at most two minutes.";
    image_damaged() = "The image is damaged. Save it again, or send another one.";
    image_too_many_pixels() = "The image has too many pixels. Make it smaller, or send a part of it.";
}
