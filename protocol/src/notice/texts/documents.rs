//! Why a document cannot be read, and what is to be known of one that was.

super::notices! {
    file_too_large(most) = "The file is larger than {most} MB. Split it into smaller articles.";
    too_much_text(most) = "The document holds more than {most} MB of text. Split it into smaller articles.";
    no_text_in_file() = "There is no text in this file. Check that it is the right one.";
    kind_not_taken(ending) = "{ending} files are not taken. Save it as PDF, Word document (.docx), Markdown, HTML or plain text, and upload that.";
    kind_unknown() = "Such files are not taken. Save it as PDF, Word document (.docx), Markdown, HTML or plain text, and upload that.";
    not_a_text_file() = "This is not a text file, although its name says so. Save it as plain text and upload that.";
    /// `inside` and `remedy` are notices, the one without and the other with a stop.
    file_misnamed(named, inside, remedy) = "The file's name ends in {named}, but inside it is {inside}. {remedy}";
    inside_word_with_password() = "a Word document with a password or of a version before 2007";
    inside_pdf() = "a PDF";
    inside_packed() = "a packed file";
    inside_older_office() = "an older Office document";
    inside_no_pdf() = "no PDF";
    inside_no_word() = "no Word document";
    remedy_save_without_password() = "Save it as a .docx document without a password and upload that.";
    remedy_call_it_pdf() = "Give it the ending .pdf and upload it again.";
    remedy_call_it_docx() = "If it is a Word document, give it the ending .docx.";
    remedy_save_as_docx() = "Save it as .docx and upload that.";
    remedy_export_again() = "Export it again from the program that made it.";
    remedy_check_file() = "Check that it is the right file.";
    text_damaged(encoding) = "The text is damaged: its encoding says {encoding}, but parts of it cannot be read. Save it as UTF-8 and upload it again.";
    /// `what` is a notice without a stop.
    file_damaged(what) = "The file is damaged: {what}. Export it again from the program that made it.";
    damaged_main_part() = "its main part is missing";
    damaged_or_no_word() = "it is cut off, or no Word document";
    damaged_part() = "a part of it cannot be unpacked";
    damaged_encoding() = "a part of it is in no known encoding";
    damaged_xml() = "a part of it is no proper XML";
    damaged_declarations() = "it declares things that Word never does";
    damaged_nesting() = "its parts are nested too deeply";
    damaged_or_cut_off() = "it is cut off, or parts of it are missing";
    damaged_no_pages() = "it has no pages";
    pdf_of_pictures() = "The PDF holds pictures of pages, as a scanner makes them, and no text. Run text recognition (OCR) over it and upload the result.";
    pdf_letters_unknown() = "The PDF does not say which letters its signs stand for, so its text cannot be read. Export it again with embedded fonts, or upload the document that it was made from.";
    document_encrypted() = "The document is protected with a password. Save a copy without a password and upload that.";
    document_with_macros() = "The document contains macros, which are programs. Save it as an ordinary Word document (.docx) without macros and upload that.";
    document_unpacks_too_far() = "The file unpacks to far more than a document of this size should. Export it again from the program that made it.";
    too_many_pages(most) = "The document has more than {most} pages. Split it into smaller articles.";
    document_too_slow(seconds) = "Reading the document took longer than {seconds} seconds. Split it into smaller ones, or save it as plain text.";
    document_too_much_memory() = "Reading the document takes more memory than is allowed. Split it into smaller ones, or save it as plain text.";
    document_unreadable() = "The document cannot be read; something in it is not as the format demands. Export it again from the program that made it, or save it as plain text.";
    parts_from_elsewhere() = "The document takes parts from other places (a template, a picture or another file). They were not opened; only what is in the document itself was read.";
    page_without_text(page) = "Page {page} is a picture without text; nothing of it can be found.";
    pages_without_text(count, all, pages) = "{count} of {all} pages are pictures without text ({pages}); nothing of them can be found. Run text recognition (OCR) over the document if they matter.";
    /// Numbers of pages, the first of them.
    pages_and_more(pages) = "{pages} and more";
}
