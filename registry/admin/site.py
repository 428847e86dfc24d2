from django.contrib import admin


class RegistryAdminSite(admin.AdminSite):
    site_header = "Sổ đăng ký đầu tư Hải Phòng"
    site_title = "Sổ đăng ký đầu tư Hải Phòng"
    index_title = "Công việc hôm nay"
